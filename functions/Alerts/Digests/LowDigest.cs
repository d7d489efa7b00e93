using System.Globalization;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Routines;

namespace WhatsOps.Alerts;

/// <summary>
/// What is of low severity is planned, not answered at night: once a working day every route is told all of it together. What somebody has acknowledged, silenced or
/// accepted is left out, and a day without any is a day without a message.
/// </summary>
internal sealed class LowDigest(IFindings findings, IAnnouncements announcements) : IRoutine
{
    private const int MostKinds = 20;
    private const int MostCauses = 3;
    private const int MostFindings = 5000;

    public string Name => "low-digest";

    public string Summary => "Tells what is open and of low severity, together, on working days";

    public string DefaultSchedule => "0 9 * * 1-5";

    public async Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation)
    {
        var system = call.System.Name;
        var low = (await findings.ListAsync(new(system, Limit: MostFindings), cancellation)).Where(finding => finding is { Severity: Severity.Low, State: FindingState.Open })
            .OrderBy(finding => finding.OpenedAt).ToLookup(finding => finding.Kind, StringComparer.Ordinal);
        var count = low.Sum(kind => kind.Count());
        if (count == 0) return new(true, "Nothing of low severity is open.");
        var kinds = low.OrderByDescending(kind => kind.Count()).ThenBy(kind => kind.Key, StringComparer.Ordinal).ToArray();
        var day = TimeZoneInfo.ConvertTime(call.Due, call.Zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await announcements.AnnounceAsync(
            system, $"low-digest/{day}", $"🗓️ INFO: WhatsApp Integration Digest – {count} findings of low severity to plan / achados de severidade baixa a planejar ({system})",
            language => Fields(system, kinds, AlertTexts.In(language)), cancellation);
        return new(true, $"{count} findings of low severity were told.", kinds.Select(kind => new { Kind = kind.Key, Count = kind.Count(), Since = kind.First().OpenedAt }).ToArray());
    }

    private static IReadOnlyList<AlertField> Fields(string system, IGrouping<string, Finding>[] kinds, AlertTexts texts) =>
        [.. kinds.Take(MostKinds).Select(kind => Field(kind, texts)), new(texts.Next, $"whatsops findings --system {system}", false)];

    private static AlertField Field(IGrouping<string, Finding> kind, AlertTexts texts)
    {
        var causes = kind.Take(MostCauses).Select(finding => $"{AlertTexts.Time(finding.OpenedAt)}: {texts.CauseOf(finding)}");
        return new($"{kind.Key} ({kind.Count()})", string.Join('\n', kind.Count() > MostCauses ? causes.Append("…") : causes), false);
    }
}
