using System.Globalization;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>
/// What a message says of one finding: the steps of the manuals' emergency procedure (R-135…R-139) as they stand, which are severity, what was
/// checked, what was tried, who was told when, and the next command.
/// </summary>
internal static class FindingFields
{
    private const int MostFacts = 12;
    private const int MostTellings = 6;
    private const int MostFactChars = 200;

    public static IReadOnlyList<AlertField> Of(AlertLine line, AlertTexts texts, IReadOnlyList<SupportContact> contacts)
    {
        var finding = line.Finding;
        var fields = new List<AlertField>
        {
            new(texts.System, finding.System, true),
            new(texts.Severity, Severity(line, texts), true),
        };
        if (finding.Gateway is { } gateway) fields.Add(new(texts.Gateway, gateway, true));
        if (finding.Tenant is { } tenant) fields.Add(new(texts.Tenant, tenant, true));
        fields.Add(new(texts.Cause, Cause(line, texts), false));
        if (TenantsHit(finding, texts) is { } hit) fields.Add(new(texts.TenantsHit, hit, false));
        if (line.Event == AlertEvent.Recovered) fields.Add(new(texts.Lasted, texts.Duration(Length(finding)), true));
        else Alive(fields, line, texts, contacts);
        fields.Add(new(texts.Next, Next(finding, line.Event), false));
        return fields;
    }

    /// <summary>The same in a few lines, for a message about many.</summary>
    public static string Short(AlertLine line, AlertTexts texts)
    {
        if (line.Event == AlertEvent.Recovered) return $"{texts.Lasted}: {texts.Duration(Length(line.Finding))}";
        var lines = new List<string> { Cause(line, texts) };
        if (TenantsHit(line.Finding, texts) is { } hit) lines.Add($"{texts.TenantsHit}: {Shortened(hit)}");
        if (line.HoldsBack > 0) lines.Add($"{texts.HeldBack}: {texts.HoldsBack(line.HoldsBack)}");
        lines.Add($"{texts.Tried}: {Tried(line, texts, "; ")}");
        lines.Add(Next(line.Finding, line.Event));
        return string.Join('\n', lines);
    }

    private static void Alive(List<AlertField> fields, AlertLine line, AlertTexts texts, IReadOnlyList<SupportContact> contacts)
    {
        var finding = line.Finding;
        if (line.HoldsBack > 0) fields.Add(new(texts.HeldBack, texts.HoldsBack(line.HoldsBack), false));
        fields.Add(new(texts.Since, AlertTexts.Time(finding.OpenedAt), true));
        fields.Add(new(texts.Checked, Checked(finding, texts), false));
        fields.Add(new(texts.Tried, Tried(line, texts, "\n"), false));
        fields.Add(new(texts.Told, line.Told.Count == 0 ? texts.NobodyYet : string.Join('\n', line.Told.TakeLast(MostTellings).Select(telling => $"{AlertTexts.Time(telling.At)}: {telling.Who}")), false));
        if (contacts.Count > 0) fields.Add(new(texts.Contacts, string.Join('\n', contacts.Select(contact => $"{contact.Role}: {contact.Name}, {contact.Contact}")), false));
    }

    // Names, or their number where the list itself cannot be read.
    private static string? TenantsHit(Finding finding, AlertTexts texts) =>
        finding.Tenant is null && finding.Evidence.TryGetValue("tenants", out var hit) ? texts.Said(hit) : null;

    private static string Tried(AlertLine line, AlertTexts texts, string separator) =>
        line.Tried.Count == 0 ? texts.NothingYet : string.Join(separator, line.Tried.Select(texts.Remedy));

    private static string Severity(AlertLine line, AlertTexts texts)
    {
        var told = texts.SeverityName(line.Finding.Severity);
        return line.CheckSeverity is { } check ? texts.RaisedFrom(told, texts.SeverityName(check)) : told;
    }

    private static string Cause(AlertLine line, AlertTexts texts) =>
        line.Event == AlertEvent.Escalated ? $"{texts.CauseOf(line.Finding)} {texts.Unattended(line.Unattended)}" : texts.CauseOf(line.Finding);

    // The names of the facts are those of the API and of `whatsops findings show`.
    private static string Checked(Finding finding, AlertTexts texts)
    {
        var facts = finding.Evidence.Where(fact => fact.Key is not ("tenants" or "next")).Take(MostFacts).Select(fact => $"{fact.Key}: {Shortened(texts.Said(fact.Value))}");
        return string.Join('\n', [$"{finding.Check}, {AlertTexts.Time(finding.LastSeenAt)}", .. facts]);
    }

    private static string Shortened(string fact) => fact.Length > MostFactChars ? fact[..MostFactChars] + "…" : fact;

    private static string Next(Finding finding, AlertEvent why)
    {
        var show = string.Create(CultureInfo.InvariantCulture, $"whatsops findings show {finding.Id}");
        var where = finding.Tenant is { } tenant ? $"--tenant {tenant}" : finding.Gateway is { } gateway ? $"--gateway {gateway}" : null;
        if (why == AlertEvent.Recovered) return show;
        if (finding.NextCommand is { } next) show += $"\n{next}";
        return finding.Remedy is null || where is null ? show : $"{show}\nwhatsops runbooks run {finding.Remedy} --system {finding.System} {where}";
    }

    private static TimeSpan Length(Finding finding) => (finding.ClosedAt ?? finding.LastSeenAt) - finding.OpenedAt;
}
