namespace WhatsOps.Gateways.TurboZap;

/// <summary>
/// What a state is, from two words: the API says <c>connected</c> of every instance that has a device, live or not, and the database's
/// status follows the connection. Without the second the first is not taken for more than it says.
/// </summary>
internal static class TurboZapStates
{
    /// <summary>The API's word for an instance that has a device.</summary>
    public const string Paired = "connected";

    public static InstanceState Of(string? status, TurboZapRow? row) => (status, row?.Status) switch
    {
        (Paired, Paired) => InstanceState.Open,
        (Paired, null) => InstanceState.Paired,
        (Paired, var live) => Word(live),
        _ => Word(status),
    };

    public static InstanceSnapshot Snapshot(TurboZapInstance instance, TurboZapRow? row) => new(
        instance.Name, Of(instance.Status, row), instance.Id, IsPaired: instance.Status == Paired || row is { IsPaired: true }, DisconnectionReason: null, DisconnectedAt: null, row?.UpdatedAt)
    {
        // Without the row an instance that the API calls disconnected may only not be in its memory.
        MustPair = instance.Status != Paired && row is { IsPaired: false },
    };

    private static InstanceState Word(string? status) => status switch
    {
        "disconnected" or "error" => InstanceState.Close,
        "connecting" or "qrcode" or "pending" or "restarting" => InstanceState.Connecting,
        _ => InstanceState.Unknown,
    };
}
