namespace WhatsOps.Gateways;

/// <summary>Takes note of every call to a gateway without ever making the caller wait.</summary>
public interface IGatewayCallLog
{
    void Record(GatewayCall call);

    /// <summary>Calls that were not written, because the database could not keep up or was away.</summary>
    long Dropped { get; }
}
