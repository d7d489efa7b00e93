using System.Collections.Frozen;

namespace WhatsOps.Fleet;

/// <summary>TurboZap's webhook events: it spells them with dots (<c>connection.update</c>), the fleet file like Evolution's (<c>CONNECTION_UPDATE</c>). Several are declared and never sent.</summary>
internal static class TurboZapEvents
{
    private static readonly string[] Dotted =
    [
        "application.startup", "qrcode.updated", "connection.update", "messages.set", "messages.upsert", "messages.update", "messages.delete", "send.message", "message.ack",
        "message.revoked", "contacts.set", "contacts.upsert", "contacts.update", "presence.update", "chats.set", "chats.update", "chats.upsert", "chats.delete",
        "groups.upsert", "groups.update", "group.participants.update", "call.received", "call.missed", "poll.vote", "button.response", "list.response", "story.viewed",
        "typebot.start", "typebot.change_status", "new.jwt", "errors",
    ];

    private static readonly FrozenDictionary<string, string> ByName = Dotted.ToFrozenDictionary(NameOf, StringComparer.Ordinal);

    /// <summary>As the fleet file spells them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Dotted.Select(NameOf)];

    public static string NameOf(string dotted) => dotted.Replace('.', '_').ToUpperInvariant();

    /// <summary>As TurboZap spells it; null when it has no such event.</summary>
    public static string? DottedOf(string name) => ByName.GetValueOrDefault(name);
}
