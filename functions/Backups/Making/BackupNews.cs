using System.Globalization;
using WhatsOps.Alerts;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>Tells how a set or a restore test ended: a message either way (R-218), and a finding for as long as the last one failed.</summary>
internal sealed class BackupNews(IFindings findings, IAnnouncements announcements, TimeProvider time)
{
    private const string MakeCheck = "backup";
    private const string TestCheck = "restore-test";

    public async Task TellAsync(BackupSet set, CancellationToken cancellation)
    {
        ObservedFinding[] seen = set.State == BackupState.Failed
            ? [new("backup_failed", MakeCheck, set.System, null, null, null, Severity.High, $"The backup of {set.System} failed: {set.Problem} Then make one now: whatsops backup --system {set.System}",
                new Dictionary<string, string> { ["set"] = set.Id.ToString() }, null)]
            : [];
        await findings.RecordAsync(new(MakeCheck, set.System, null, Complete: true, time.GetUtcNow(), GoodObservationsToClose: 1), seen, cancellation);
        var text = set.State == BackupState.Failed ? $"Backup of {set.System} failed" : $"Backup of {set.System} is complete";
        List<AlertField> fields = [new("Set", set.Id.ToString(), IsShort: true)];
        if (set.Problem is { } problem) fields.Add(new("Problem", problem, IsShort: false));
        foreach (var part in set.Manifest?.Parts ?? []) fields.Add(new(part.Name, Words(part), IsShort: true));
        await announcements.AnnounceAsync(set.System, $"backup/{set.Id}", text, fields, cancellation);
    }

    public Task TellTestAsync(string system, Guid set, string? problem, CancellationToken cancellation)
    {
        ObservedFinding[] seen = problem is null ? []
            : [new("restore_test_failed", TestCheck, system, null, null, null, Severity.High, $"The newest backup of {system} could not be restored: {problem}",
                new Dictionary<string, string> { ["set"] = set.ToString() }, null)];
        return findings.RecordAsync(new(TestCheck, system, null, Complete: true, time.GetUtcNow(), GoodObservationsToClose: 1), seen, cancellation);
    }

    private static string Words(BackupPart part) => string.Create(CultureInfo.InvariantCulture,
        $"{Content(part)}, {part.Bytes / 1e6:N1} MB stored, {part.Seconds:N0} s{(part.Notices.Count > 0 ? "; " + string.Join("; ", part.Notices) : "")}");

    private static string Content(BackupPart part) => part.Kind switch
    {
        "postgres" => string.Create(CultureInfo.InvariantCulture, $"{part.Counts.Values.Sum():N0} rows"),
        RedisSource.PartKind => string.Create(CultureInfo.InvariantCulture, $"{part.Counts["keys"]:N0} keys"),
        FilesSource.PartKind => string.Create(CultureInfo.InvariantCulture, $"{part.Counts.Count:N0} paths"),
        ObjectsSource.PartKind => string.Create(CultureInfo.InvariantCulture, $"{part.Counts["objects"]:N0} objects, {part.Counts["new"]:N0} of them new"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{part.Counts.Values.Sum():N0} systems"),
    };
}
