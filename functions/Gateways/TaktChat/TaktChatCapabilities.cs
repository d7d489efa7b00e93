namespace WhatsOps.Gateways.TaktChat;

/// <summary>What other families' gateways offer and TaktChat does not. Nothing is asked: that is how it is made.</summary>
internal static class TaktChatCapabilities
{
    public const string NoWebhooks = "TaktChat has no webhook per connection: its events go to its own product only";
    public const string NoMessages = "TaktChat keeps its messages as tickets of its product, and no endpoint tells those of a connection";
    public const string NoCreation = "TaktChat numbers a connection itself and asks for its queues: create it there; it is seen from then on";
    public const string NoDeletion = "a deleted connection comes back under another number, with its tickets cut off: delete it in TaktChat";
    public const string NoSelfMessage = "a message needs the token of the connection, which WhatsOps does not read";

    public static IReadOnlyList<Capability> All { get; } =
    [
        Absent("connection_webhook", NoWebhooks), Absent("find_messages", NoMessages), Absent("create_instance", NoCreation), Absent("delete_instance", NoDeletion),
        Absent("send_to_self", NoSelfMessage), Absent("pairing_code", "TaktChat shows QR codes only"),
    ];

    private static Capability Absent(string name, string why) => new(name, "no endpoint", Outcome.Absent, why);
}
