namespace WhatsOps.Simulator.Webhooks;

/// <summary>Names of events: dotted in bodies, UPPER_SNAKE in configuration, lower-kebab as the suffix of a by-events URL.</summary>
internal static class WebhookEvents
{
    /// <summary>What webhook/set allows, in its order. GROUP_UPDATE is a trap of the gateway: nothing is ever sent under that name.</summary>
    public static readonly IReadOnlyList<string> Allowed =
    [
        "APPLICATION_STARTUP", "QRCODE_UPDATED", "MESSAGES_SET", "MESSAGES_UPSERT", "MESSAGES_EDITED", "MESSAGES_UPDATE", "MESSAGES_DELETE",
        "SEND_MESSAGE", "SEND_MESSAGE_UPDATE", "CONTACTS_SET", "CONTACTS_UPSERT", "CONTACTS_UPDATE", "PRESENCE_UPDATE", "CHATS_SET",
        "CHATS_UPSERT", "CHATS_UPDATE", "CHATS_DELETE", "GROUPS_UPSERT", "GROUP_UPDATE", "GROUP_PARTICIPANTS_UPDATE", "CONNECTION_UPDATE",
        "LABELS_EDIT", "LABELS_ASSOCIATION", "CALL", "TYPEBOT_START", "TYPEBOT_CHANGE_STATUS", "REMOVE_INSTANCE", "LOGOUT_INSTANCE",
        "INSTANCE_CREATE", "INSTANCE_DELETE", "STATUS_INSTANCE"
    ];

    // They have no entry in the gateway's global event map.
    private static readonly HashSet<string> NeverGlobal = ["STATUS_INSTANCE", "REMOVE_INSTANCE", "LOGOUT_INSTANCE"];

    public static string Upper(string dotted) => dotted.Replace('.', '_').Replace('-', '_').ToUpperInvariant();

    public static string Suffix(string dotted) => Upper(dotted).ToLowerInvariant().Replace('_', '-');

    public static bool IsGlobal(string dotted) => !NeverGlobal.Contains(Upper(dotted));
}
