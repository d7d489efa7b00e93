namespace WhatsOps.Events;

/// <summary>What the receiver saw that a person must hear of. Calls only count; telling happens in the background and never delays an answer.</summary>
public interface IEventAlarms
{
    /// <summary>A tenant proved itself and sent an event of an instance that is not its own.</summary>
    void ForeignInstance(string system, string tenant, string instance, string eventName);

    /// <summary>An event of a tenant's own instance carried a token that is not the instance's.</summary>
    /// <param name="hash">Of the token, as <see cref="TokenHashes"/> makes it.</param>
    void ForeignToken(string system, string tenant, string instance, byte[] hash, string eventName);

    /// <summary>A request for a known tenant carried no proof that fits: its events are lost while this lasts.</summary>
    /// <param name="tenant">Null: at Meta's door, where the signature is the app's and no tenant is known before it fits.</param>
    void ProofFailed(string system, string? tenant);
}
