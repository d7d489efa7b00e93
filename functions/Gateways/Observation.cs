namespace WhatsOps.Gateways;

/// <summary>One look at one thing; looking never throws for a sick target.</summary>
/// <param name="Detail">Why it is not <see cref="Outcome.Seen"/>, or what of it could not be seen; fit for an operator's eyes: no key, no token, no phone number.</param>
public sealed record Observation<T>(Outcome Outcome, T? Value, string? Detail, DateTimeOffset At, TimeSpan Took)
{
    public bool IsSeen => Outcome == Outcome.Seen;
}
