using System.Globalization;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>Writes messages: few findings get one each, many of one system share one. Each says cause, who is hit, what was tried, and the next command.</summary>
internal static class AlertWriter
{
    public const string Service = "whatsapp-integration";

    /// <summary>Up to this many findings of a system at once are told one by one.</summary>
    public const int SeparateUpTo = 3;

    private const int MaxFindingsInOne = 39;

    public static IReadOnlyList<AlertMessage> Write(string system, IReadOnlyList<AlertLine> lines, DateTimeOffset now)
    {
        var sorted = lines.OrderBy(line => line.Event == AlertEvent.Recovered).ThenByDescending(line => line.Finding.Severity).ThenBy(line => line.Finding.Id).ToArray();
        return sorted.Length <= SeparateUpTo ? [.. sorted.Select(line => One(line, now))] : [Many(system, sorted, now)];
    }

    private static AlertMessage One(AlertLine line, DateTimeOffset now)
    {
        var finding = line.Finding;
        var fields = new List<AlertField>
        {
            new("System", finding.System, true),
            new("Severity", Name(finding.Severity), true),
        };
        if (finding.Gateway is { } gateway) fields.Add(new("Gateway", gateway, true));
        if (finding.Tenant is { } tenant) fields.Add(new("Tenant", tenant, true));
        fields.Add(new("Cause", finding.Cause, false));
        if (finding.Tenant is null && finding.Evidence.TryGetValue("tenants", out var hit)) fields.Add(new("Tenants hit", hit, false));
        if (line.Event == AlertEvent.Recovered)
        {
            fields.Add(new("Lasted", Lasted(finding), true));
        }
        else
        {
            fields.Add(new("Since", Time(finding.OpenedAt), true));
            if (finding.Tenant is not null) fields.Add(new("Tried", line.Tried.Count == 0 ? "nothing yet" : string.Join('\n', line.Tried), false));
        }

        fields.Add(new("Next", Next(finding, line.Event), false));
        var severity = Envelope(line.Event, finding.Severity);
        return new(severity, now, Service, $"{Headline(severity)} – {Verb(line.Event)}{finding.Kind}{(finding.Tenant is { } slug ? $", tenant {slug}" : finding.Gateway is { } name ? $", gateway {name}" : "")} ({finding.System})", fields);
    }

    private static AlertMessage Many(string system, AlertLine[] lines, DateTimeOffset now)
    {
        var bad = lines.Count(line => line.Event != AlertEvent.Recovered);
        var severity = lines.Select(line => Envelope(line.Event, line.Finding.Severity)).MinBy(Rank)!;
        var fields = lines.Take(MaxFindingsInOne).Select(line => new AlertField(
            $"{(line.Event == AlertEvent.Recovered ? "recovered" : Name(line.Finding.Severity))}: {line.Finding.Kind}, {line.Finding.Tenant ?? line.Finding.Gateway ?? system}",
            line.Event == AlertEvent.Recovered ? $"Lasted {Lasted(line.Finding)}." : $"{line.Finding.Cause}{Tried(line)}\n{Next(line.Finding, line.Event)}",
            false)).ToList();
        if (lines.Length > MaxFindingsInOne) fields.Add(new($"and {lines.Length - MaxFindingsInOne} more", $"whatsops findings --system {system}", false));
        var what = (bad, lines.Length - bad) switch
        {
            (0, var good) => $"{good} recovered",
            (_, 0) => $"{bad} findings",
            var (worse, good) => $"{worse} findings, {good} recovered",
        };
        return new(severity, now, Service, $"{Headline(severity)} – {what} ({system})", fields);
    }

    private static string Next(Finding finding, AlertEvent why)
    {
        var show = string.Create(CultureInfo.InvariantCulture, $"whatsops findings show {finding.Id}");
        return why == AlertEvent.Recovered || finding.Remedy is null || finding.Tenant is null
            ? show
            : $"{show}\nwhatsops runbooks run {finding.Remedy} --system {finding.System} {(finding.Tenant is null ? $"--gateway {finding.Gateway}" : $"--tenant {finding.Tenant}")}";
    }

    private static string Tried(AlertLine line) => line.Tried.Count == 0 ? "" : $"\nTried: {string.Join("; ", line.Tried)}";

    // R-110, R-111: the manual's wording and its two loud colours; recovered is the third, quiet one.
    private static string Headline(string severity) =>
        $"{severity switch { "critical" => "🚨", "warning" => "⚠️", _ => "✅" }} {severity.ToUpperInvariant()}: WhatsApp Integration Alert";

    private static string Envelope(AlertEvent why, Severity severity) =>
        why == AlertEvent.Recovered ? "info" : severity == Severity.Critical ? "critical" : "warning";

    private static int Rank(string severity) => severity switch { "critical" => 0, "warning" => 1, _ => 2 };

    private static string Verb(AlertEvent why) => why switch
    {
        AlertEvent.Worsened => "worse: ",
        AlertEvent.StillOpen => "still open: ",
        AlertEvent.Recovered => "recovered: ",
        _ => "",
    };

    private static string Lasted(Finding finding)
    {
        var time = (finding.ClosedAt ?? finding.LastSeenAt) - finding.OpenedAt;
        return time.TotalHours >= 48 ? $"{time.TotalDays:0} days" : time.TotalMinutes >= 120 ? $"{time.TotalHours:0} hours" : $"{Math.Max(time.TotalMinutes, 0):0} minutes";
    }

    private static string Name(Severity severity) => severity.ToString().ToLowerInvariant();

    private static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
