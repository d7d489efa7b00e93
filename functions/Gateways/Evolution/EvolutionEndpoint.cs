namespace WhatsOps.Gateways.Evolution;

/// <summary>What all clients of one gateway share of its dialect, once known.</summary>
internal sealed class EvolutionEndpoint
{
    private int _version;

    /// <summary>Null until the gateway said it, by <c>GET /</c> or by the shape of its list. Kept when <c>GET /</c> is down: it calls out to the Internet.</summary>
    public EvolutionVersion? Version
    {
        get => _version == 0 ? null : (EvolutionVersion)_version;
        set
        {
            if (value is { } known) _version = (int)known;
        }
    }
}
