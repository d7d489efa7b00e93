namespace WhatsOps.Gateways.TaktChat;

/// <summary>What the words of <c>"Whatsapps".status</c> are among all gateways' states. Only <c>CONNECTED</c>, spelt so, is open .</summary>
internal static class TaktChatStates
{
    public const string Connected = "CONNECTED";
    public const string Opening = "OPENING";

    /// <summary>A code is shown. In lower case, unlike the others.</summary>
    public const string Code = "qrcode";

    /// <summary>The session was wiped (blocked, removed on the phone, without keys), and a start will show a code.</summary>
    public const string Pending = "PENDING";

    public static InstanceState Of(string? status) => status switch
    {
        Connected => InstanceState.Open,
        Opening => InstanceState.Connecting,
        // A shown code is no session on its way, but the want of one: only a person opens it.
        Code or Pending or "DISCONNECTED" => InstanceState.Close,
        _ => InstanceState.Unknown,
    };

    public static InstanceSnapshot Snapshot(TaktChatConnection connection) => new(
        connection.Name, Of(connection.Status), InstanceId: null, IsPaired: connection.Status is Connected or Opening, DisconnectionReason: null, DisconnectedAt: null, connection.UpdatedAt)
    {
        // Not DISCONNECTED: its session may be there still, and starting it tells.
        MustPair = !connection.IsOfficial && connection.Status is Code or Pending,
        IsLive = true,
    };
}
