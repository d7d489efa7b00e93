using WhatsOps.Cli.Api;

namespace WhatsOps.Cli.Output;

/// <summary>Findings as a table, one finding as a page.</summary>
internal static class FindingViews
{
    private static readonly string[] Severities = ["critical", "high", "medium", "low", "info"];

    public static void Print(IReadOnlyList<FindingView> findings)
    {
        if (findings.Count == 0)
        {
            Terminal.Line("No findings.");
            return;
        }

        var several = findings.Select(finding => finding.System).Distinct().Skip(1).Any();
        Terminal.Table(["id", "severity", "finding", "where", "cause", "remedy"], findings
            .OrderBy(finding => Array.IndexOf(Severities, finding.Severity)).ThenBy(finding => finding.Id)
            .Select(finding => (string[])[$"{finding.Id}", finding.Severity, Kind(finding), several ? Place(finding) : Where(finding), finding.Cause, finding.Remedy ?? "a person"]));
    }

    public static void PrintOne(FindingView finding)
    {
        Terminal.Line($"Finding {finding.Id}: {finding.Kind}, {finding.Severity}, {finding.State}");
        Terminal.Line($"  where    {finding.System} / {Where(finding)}");
        Terminal.Line($"  cause    {finding.Cause}");
        Terminal.Line($"  remedy   {Remedy(finding)}");
        if (finding.NextCommand is not null) Terminal.Line($"  next     ./{finding.NextCommand}");
        Terminal.Line($"  opened   {Terminal.Time(finding.OpenedAt)}, last seen {Terminal.Time(finding.LastSeenAt)}");
        if (finding.ClosedAt is not null) Terminal.Line($"  closed   {Terminal.Time(finding.ClosedAt)}");
        if (finding.SilencedUntil is not null) Terminal.Line($"  silenced until {Terminal.Time(finding.SilencedUntil)}");
        if (finding.ChangedBy is not null) Terminal.Line($"  changed  by {finding.ChangedBy}{(finding.Reason is null ? "" : $": {finding.Reason}")}");
        foreach (var (name, value) in finding.Evidence ?? new Dictionary<string, string>()) Terminal.Line($"  {name}: {value}");
        foreach (var change in finding.History ?? [])
            Terminal.Line($"  {Terminal.Time(change.At)} {change.Change}{(change.By is null ? "" : $" by {change.By}")}{(change.Reason is null ? "" : $": {change.Reason}")}");
    }

    public static string Where(FindingView finding) => finding.Tenant ?? finding.Instance ?? finding.Gateway ?? finding.System;

    private static string Place(FindingView finding) => Where(finding) is var where && where == finding.System ? where : $"{finding.System} / {where}";

    private static string Kind(FindingView finding) => finding.State == "open" ? finding.Kind : $"{finding.Kind} ({finding.State})";

    private static string Remedy(FindingView finding) => finding.Remedy is null
        ? "a person must look"
        : $"./whatsops runbooks run {finding.Remedy} --system {finding.System} {(finding.Tenant is null ? $"--gateway {finding.Gateway}" : $"--tenant {finding.Tenant}")} --dry-run";
}
