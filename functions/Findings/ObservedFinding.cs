using WhatsOps.Fleet;

namespace WhatsOps.Findings;

/// <summary>Something wrong, as a check or an event just saw it.</summary>
/// <param name="Kind">Stable name, snake_case, e.g. <c>instance_missing</c>; policies, docs and alerts key on it.</param>
/// <param name="Check">Name of the check that saw it; only the same check may close it. Events: <c>receiver</c>.</param>
/// <param name="Cause">One sentence: what is wrong and why, for a person at 3 a.m.; no secrets, phone numbers masked.</param>
/// <param name="Evidence">Facts the sentence rests on: states, times, counts, status codes.</param>
/// <param name="Remedy">Name of the runbook that would fix it, or null.</param>
public sealed record ObservedFinding(
    string Kind,
    string Check,
    string System,
    string? Gateway,
    string? Tenant,
    string? Instance,
    Severity Severity,
    string Cause,
    IReadOnlyDictionary<string, string> Evidence,
    string? Remedy)
{
    /// <summary>What it is about, where one place may have several findings of a kind: a routine, a source, a row. Null: the place says it all.</summary>
    public string? Subject { get; init; }

    /// <summary>The traceparent of what told of it; null: the span that runs now, or none.</summary>
    public string? Origin { get; init; }

    /// <summary>One open finding per fingerprint: kind and exact place. Parts are escaped, so that no name can pose as another place.</summary>
    public string Fingerprint => string.Join('/', Kind, System, Part(Gateway), Part(Tenant), Part(Instance)) + (Subject is null ? "" : "/" + Part(Subject));

    /// <summary>The subject within a fingerprint.</summary>
    internal static string? SubjectOf(string fingerprint) => fingerprint.Split('/') is [_, _, _, _, _, var subject] ? Uri.UnescapeDataString(subject) : null;

    private static string Part(string? name) => Uri.EscapeDataString(name ?? "");
}
