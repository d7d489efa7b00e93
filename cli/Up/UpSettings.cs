namespace WhatsOps.Cli.Up;

/// <summary>What the user asked of `up`.</summary>
/// <param name="FleetFile">A real fleet; null runs the simulated one.</param>
/// <param name="Postgres">Connection string of the user's own PostgreSQL; null starts a private one.</param>
/// <param name="Blobs">Connection string of the user's own blob storage; null starts Azurite.</param>
/// <param name="Port">Where to listen on loopback; null takes 7071, or a free one when that is taken.</param>
/// <param name="Once">End after the loop instead of waiting for Ctrl-C.</param>
internal sealed record UpSettings(string? FleetFile, string? Postgres, string? Blobs, int? Port, bool Once)
{
    public bool IsSimulated => FleetFile is null;
}
