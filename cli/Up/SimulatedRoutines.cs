using System.Globalization;

namespace WhatsOps.Cli.Up;

/// <summary>
/// When audits and backups of the simulated fleet run by the clock: half a day after up began, so that the loop is the same at every hour. What they find
/// (a gateway's version with known bugs, say) does not close in it.
/// </summary>
internal static class SimulatedRoutines
{
    public const string TimeZone = "America/Sao_Paulo";

    public static IReadOnlyList<string> Moved { get; } =
    [
        "capabilities", "data-integrity", "gateway-versions", "isolation", "keys", "lost-event-audit", "naming", "orphans", "tenant-status", "webhook-drift",
        "backup", "restore-test",
    ];

    /// <returns>Cron fields by routine, in <see cref="TimeZone"/>.</returns>
    public static IReadOnlyDictionary<string, string> Schedules(DateTimeOffset began)
    {
        var at = TimeZoneInfo.ConvertTime(began, TimeZoneInfo.FindSystemTimeZoneById(TimeZone)).AddHours(12);
        return Moved.ToDictionary(routine => routine, _ => string.Create(CultureInfo.InvariantCulture, $"{at.Minute} {at.Hour} * * *"));
    }
}
