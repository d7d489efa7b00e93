namespace WhatsOps.Gateways;

/// <summary>One look at one thing; looking never throws for a sick target.</summary>
/// <param name="Detail">Why it is not <see cref="Outcome.Seen"/>, or what of it could not be seen; fit for an operator's eyes: no key, no token, no phone number.</param>
public sealed record Observation<T>(Outcome Outcome, T? Value, string? Detail, DateTimeOffset At, TimeSpan Took)
{
    public bool IsSeen => Outcome == Outcome.Seen;

    /// <summary>The same look with what its value means; what was not seen stays so.</summary>
    public Observation<TOther> Map<TOther>(Func<T, TOther> meaning) => new(Outcome, IsSeen ? meaning(Value!) : default, Detail, At, Took);
}
