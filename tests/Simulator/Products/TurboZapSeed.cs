using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Products;

/// <summary>A TurboZap with its instances.</summary>
public sealed record TurboZapSeed
{
    public string Url { get; init; } = ProductListener.AnyPort;

    public required string ApiKey { get; init; }

    /// <summary>Connection string of an empty database, which gets its table.</summary>
    public required string Database { get; init; }

    public IReadOnlyList<Device> Devices { get; init; } = [];

    /// <param name="Paired">Its store has a device.</param>
    /// <param name="Live">Its connection is up.</param>
    public sealed record Device(string Name, bool Paired = true, bool Live = true);
}
