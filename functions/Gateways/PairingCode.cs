namespace WhatsOps.Gateways;

/// <summary>What a person scans or types. Both are secrets while they live (45 s on Evolution): never log or store them.</summary>
/// <param name="Qr">The QR's text; null while the gateway has none yet (<c>{"count":0}</c>).</param>
/// <param name="State">Open when there is nothing to pair.</param>
public sealed record PairingCode(string? Qr, string? Code, InstanceState State)
{
    /// <summary>Which code it is since the gateway began to count: it gives up at its limit (30 on Evolution) and begins anew. Null where it does not say.</summary>
    public int? Count { get; init; }

    public override string ToString() => State.ToString();
}
