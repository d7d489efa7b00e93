using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>Writes messages in one language: few findings get one each, many of one system share one.</summary>
/// <param name="contacts">Stand in critical messages .</param>
internal sealed class AlertWriter(Language language, IReadOnlyList<SupportContact> contacts)
{
    public const string Service = "whatsapp-integration";

    /// <summary>Up to this many findings of a system at once are told one by one.</summary>
    public const int SeparateUpTo = 3;

    private const int MaxFindingsInOne = 39;

    private readonly AlertTexts _texts = AlertTexts.In(language);

    public IReadOnlyList<AlertMessage> Write(string system, IReadOnlyList<AlertLine> lines, DateTimeOffset now)
    {
        var sorted = lines.OrderBy(line => line.Event == AlertEvent.Recovered).ThenByDescending(line => line.Finding.Severity).ThenBy(line => line.Finding.Id).ToArray();
        return sorted.Length <= SeparateUpTo ? [.. sorted.Select(line => One(line, now))] : [Many(system, sorted, now)];
    }

    /// <summary>The message of a route that fails, for its fallback, whose language this is.</summary>
    public AlertMessage Instead(AlertMessage message, string route, string error)
    {
        var note = _texts.InsteadOf(route, error);
        return message with { Text = $"{message.Text} – {note}", Note = message.Note is null ? note : $"{message.Note}; {note}" };
    }

    private AlertMessage One(AlertLine line, DateTimeOffset now)
    {
        var finding = line.Finding;
        var severity = Envelope(line);
        var place = finding.Tenant is { } slug ? $", {_texts.InTenant(slug)}" : finding.Gateway is { } name ? $", {_texts.OnGateway(name)}" : "";
        return Message(severity, finding.System, _texts.Title(line.Event, finding.Kind + place, line.Level), [line], FindingFields.Of(line, _texts, severity == "critical" ? contacts : []), now);
    }

    private AlertMessage Many(string system, AlertLine[] lines, DateTimeOffset now)
    {
        var bad = lines.Count(line => line.Event != AlertEvent.Recovered);
        var severity = lines.Select(Envelope).MinBy(Rank)!;
        var fields = lines.Take(MaxFindingsInOne).Select(line => new AlertField(
            $"{(line.Event == AlertEvent.Recovered ? _texts.RecoveredMark : _texts.SeverityName(line.Finding.Severity))}: {line.Finding.Kind}, {line.Finding.Tenant ?? line.Finding.Gateway ?? system}",
            FindingFields.Short(line, _texts),
            false)).ToList();
        if (lines.Length > MaxFindingsInOne) fields.Add(new(_texts.More(lines.Length - MaxFindingsInOne), $"whatsops findings --system {system}", false));
        return Message(severity, system, _texts.Count(bad, lines.Length - bad), lines, fields, now);
    }

    // the manual's wording and its two loud colours; recovered is the third, quiet one.
    private AlertMessage Message(string severity, string system, string title, IReadOnlyList<AlertLine> lines, IReadOnlyList<AlertField> fields, DateTimeOffset now) =>
        new(severity, now, Service, $"{Mark(severity)} {severity.ToUpperInvariant()}: WhatsApp Integration Alert – {title} ({system})", fields)
        {
            System = system,
            Title = title,
            Language = language,
            Findings =
            [
                .. lines.Select(line => new AlertedFinding(
                    line.Finding.Id, line.Event, line.Level, line.Finding.Kind, line.Finding.Gateway, line.Finding.Tenant, line.Finding.Instance,
                    line.Finding.Severity, _texts.CauseOf(line.Finding), line.Finding.OpenedAt))
            ],
        };

    private static string Mark(string severity) => severity switch { "critical" => "🚨", "warning" => "⚠️", _ => "✅" };

    private static string Envelope(AlertLine line) => line.Event == AlertEvent.Recovered ? "info" : line.Finding.Severity == Severity.Critical ? "critical" : "warning";

    private static int Rank(string severity) => severity switch { "critical" => 0, "warning" => 1, _ => 2 };
}
