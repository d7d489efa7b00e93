namespace WhatsOps.Alerts;

/// <summary>What is to be remembered of a decision about one place on one route.</summary>
/// <param name="LookAgain">Null: at the next change.</param>
internal sealed record PlannedNote(string Route, AlertCandidate Candidate, AlertNote Note, DateTimeOffset? LookAgain);
