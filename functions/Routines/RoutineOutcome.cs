namespace WhatsOps.Routines;

/// <summary>What came of one run of a routine.</summary>
/// <param name="Complete">False: not everything was seen or done; the summary says what.</param>
/// <param name="Summary">One sentence: no secrets, phone numbers masked.</param>
/// <param name="Report">Kept as JSON with the run for 90 days; null for none. No secrets.</param>
public sealed record RoutineOutcome(bool Complete, string Summary, object? Report = null);
