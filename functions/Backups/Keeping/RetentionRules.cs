using System.Globalization;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>
/// Grandfather, father, son: every set of the last days, the last of each week, the last of each month. Always kept: what somebody holds, the
/// newest set, and the newest that passed a restore test — so that a clock gone wrong or backups that stopped can never empty the shelf.
/// </summary>
internal static class RetentionRules
{
    /// <param name="sets">The complete sets of one system.</param>
    public static IReadOnlyList<RetentionVerdict> Judge(IReadOnlyList<BackupSet> sets, BackupRetention keep, DateTimeOffset now, TimeZoneInfo zone)
    {
        BackupSet[] newestFirst = [.. sets.OrderByDescending(set => set.RequestedAt).ThenByDescending(set => set.Id)];
        var reasons = new Dictionary<Guid, string>();
        if (newestFirst.FirstOrDefault(set => set.TestedAt is not null) is { } tested) reasons.TryAdd(tested.Id, "the newest that passed a restore test");
        if (newestFirst.FirstOrDefault() is { } newest) reasons.TryAdd(newest.Id, "the newest");
        foreach (var set in newestFirst.Where(set => set.HeldBy is not null)) reasons.TryAdd(set.Id, $"held by {set.HeldBy}");
        foreach (var set in newestFirst.Where(set => now - set.RequestedAt < TimeSpan.FromDays(keep.Days))) reasons.TryAdd(set.Id, $"of the last {keep.Days} days");
        foreach (var last in Lasts(newestFirst, keep.Weeks, set => Week(Local(set)))) reasons.TryAdd(last.Id, "the last of its week");
        foreach (var last in Lasts(newestFirst, keep.Months, set => Local(set).ToString("yyyy-MM", CultureInfo.InvariantCulture))) reasons.TryAdd(last.Id, "the last of its month");
        return [.. newestFirst.Select(set => new RetentionVerdict(set.Id, set.RequestedAt, set.Bytes ?? 0, reasons.GetValueOrDefault(set.Id)))];

        DateTime Local(BackupSet set) => TimeZoneInfo.ConvertTime(set.RequestedAt, zone).DateTime;
    }

    private static IEnumerable<BackupSet> Lasts(IEnumerable<BackupSet> newestFirst, int count, Func<BackupSet, string> period) =>
        newestFirst.GroupBy(period).Take(count).Select(group => group.First());

    private static string Week(DateTime local) => $"{ISOWeek.GetYear(local)}-{ISOWeek.GetWeekOfYear(local):00}";
}
