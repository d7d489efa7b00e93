namespace WhatsOps.Fleet;

/// <summary>Requests in a row, as fast as they are answered. Somebody else's real requests may be refused meanwhile, so it is off unless asked for.</summary>
public sealed record BurstOptions
{
    /// <summary>A path that costs the service little.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// More than the limit lets through at once, 2 to 200; one more than the 60 a minute of TurboZap's manual unless the file says otherwise. WhatsApp Agent's own is 100 a
    /// minute: beyond it an address is shut out for 5 minutes, WhatsOps' other looks too.
    /// </summary>
    public int Requests { get; init; } = 61;
}
