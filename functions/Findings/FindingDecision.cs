using WhatsOps.Fleet;

namespace WhatsOps.Findings;

/// <summary>The body of a decision about a finding.</summary>
/// <param name="Until">End of a silence; or give <paramref name="Minutes"/>.</param>
/// <param name="Minutes">Length of a silence from now.</param>
public sealed record FindingDecision(string? Reason = null, DateTimeOffset? Until = null, double? Minutes = null)
{
    // A silence without an end is an acceptance that nobody gave a reason for.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromDays(30);

    public DateTimeOffset SilenceEnd(DateTimeOffset now)
    {
        if (Until is null && Minutes is null)
            throw new ProblemException(400, "A silence needs an end.", "$.until", "Send {\"minutes\": 60} or {\"until\": \"2030-01-31T08:00:00Z\"}.");
        var end = Until ?? now.AddMinutes(Math.Clamp(Minutes!.Value, -1, LongestSilence.TotalMinutes + 1));
        if (end <= now || end > now + LongestSilence)
            throw new ProblemException(400, "A silence ends in the future, at most 30 days from now.", "$.until", "For longer, accept the finding with a reason.");
        return end;
    }

    public string RequiredReason() => string.IsNullOrWhiteSpace(Reason)
        ? throw new ProblemException(400, "A reason is required.", "$.reason", "Send {\"reason\": \"…\"}: whoever has the next night shift will ask.")
        : Reason.Trim();
}
