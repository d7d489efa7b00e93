namespace WhatsOps.Watch;

/// <summary>What came of one try to log in.</summary>
/// <param name="IsAccepted">Null: not known.</param>
/// <param name="Words">What the server answered; one sentence.</param>
internal sealed record LoginAnswer(bool? IsAccepted, string Words);
