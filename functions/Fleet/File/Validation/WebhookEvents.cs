namespace WhatsOps.Fleet;

/// <summary>The names that <c>webhook.events</c> may have. Evolution accepts GROUP_UPDATE and never sends it (the event is GROUPS_UPDATE).</summary>
internal static class WebhookEvents
{
    public static IReadOnlyList<string> All { get; } =
    [
        "APPLICATION_STARTUP", "QRCODE_UPDATED", "MESSAGES_SET", "MESSAGES_UPSERT", "MESSAGES_EDITED", "MESSAGES_UPDATE", "MESSAGES_DELETE", "SEND_MESSAGE",
        "SEND_MESSAGE_UPDATE", "CONTACTS_SET", "CONTACTS_UPSERT", "CONTACTS_UPDATE", "PRESENCE_UPDATE", "CHATS_SET", "CHATS_UPSERT", "CHATS_UPDATE", "CHATS_DELETE",
        "GROUPS_UPSERT", "GROUP_UPDATE", "GROUP_PARTICIPANTS_UPDATE", "CONNECTION_UPDATE", "LABELS_EDIT", "LABELS_ASSOCIATION", "CALL", "TYPEBOT_START",
        "TYPEBOT_CHANGE_STATUS", "REMOVE_INSTANCE", "LOGOUT_INSTANCE", "INSTANCE_CREATE", "INSTANCE_DELETE", "STATUS_INSTANCE",
    ];

    /// <summary>Of a system's kind.</summary>
    public static IReadOnlyList<string> Of(string kind) => kind == SystemKinds.TurboZap ? TurboZapEvents.All : All;

    /// <summary>Without these the states of instances are not seen.</summary>
    public static IReadOnlyList<string> Needed { get; } = ["CONNECTION_UPDATE", "QRCODE_UPDATED"];
}
