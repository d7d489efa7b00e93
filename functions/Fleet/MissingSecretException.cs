namespace WhatsOps.Fleet;

/// <summary>A reference in the fleet file points at nothing.</summary>
public sealed class MissingSecretException(string reference)
    : Exception($"The reference {reference} has no value. Fix: set it in the environment (or Key Vault reference) of the host.");
