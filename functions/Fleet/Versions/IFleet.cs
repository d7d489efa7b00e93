namespace WhatsOps.Fleet;

/// <summary>The fleet in force: the last valid version in the database; references in addresses are resolved, those of secrets when asked for.</summary>
public interface IFleet
{
    /// <summary>The version in force; null before the first apply. At most 10 seconds old.</summary>
    ValueTask<FleetVersion?> CurrentAsync(CancellationToken cancellation);

    /// <summary>The value behind <c>${env:NAME}</c>; plain text comes back as it is. Throws <see cref="MissingSecretException"/> naming the reference.</summary>
    string Resolve(string reference);
}
