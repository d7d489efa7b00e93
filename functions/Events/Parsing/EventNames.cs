using System.Collections.Frozen;

namespace WhatsOps.Events;

/// <summary>
/// Evolution spells one event three ways: <c>group-participants.update</c> in bodies, <c>GROUP_PARTICIPANTS_UPDATE</c> in its configuration,
/// <c>group-participants-update</c> as URL suffix. We keep the first.
/// </summary>
public static class EventNames
{
    public const string ConnectionUpdate = "connection.update";
    public const string StatusInstance = "status.instance";
    public const string QrCodeUpdated = "qrcode.updated";

    public const string MessagesUpsert = "messages.upsert";
    public const string MessagesUpdate = "messages.update";
    public const string SendMessage = "send.message";

    /// <summary>TurboZap's: a message was delivered, read or played.</summary>
    public const string MessageAck = "message.ack";

    private const int MaxLength = 100;

    // The separators do not tell the words apart, so the known names are a table (wa.types.ts of 2.3.6, v1.8's, and TurboZap's).
    private static readonly FrozenDictionary<string, string> Known = new[]
    {
        "application.startup", "instance.create", "instance.delete", "qrcode.updated", "connection.update", "status.instance",
        "remove.instance", "logout.instance", "messages.set", "messages.upsert", "messages.edited", "messages.update", "messages.delete",
        "send.message", "send.message.update", "contacts.set", "contacts.upsert", "contacts.update", "presence.update", "chats.set",
        "chats.update", "chats.upsert", "chats.delete", "groups.upsert", "groups.update", "group-participants.update", "call", "creds.update",
        "messaging-history.set", "labels.association", "labels.edit", "typebot.start", "typebot.change-status", "new.jwt", "chama-ai.action", "error",
        "message.ack", "message.revoked", "call.received", "call.missed", "poll.vote", "button.response", "list.response", "story.viewed", "errors",
    }.ToFrozenDictionary(Fold, StringComparer.Ordinal);

    private static readonly FrozenSet<string> Dotted = Known.Values.ToFrozenSet(StringComparer.Ordinal);

    public static IReadOnlyCollection<string> All => Known.Values;

    /// <summary>The dotted name; an unknown one gets dots for all its separators, so that its spellings still meet.</summary>
    public static string Normalise(string name)
    {
        if (Dotted.TryGetValue(name, out var exact)) return exact;
        name = Cut(name, MaxLength);
        var folded = Fold(name);
        return Known.TryGetValue(folded, out var known) ? known : folded;
    }

    /// <summary>The first characters, without half of a surrogate pair at the end: PostgreSQL's driver refuses that, and with it the whole batch.</summary>
    public static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    private static string Fold(string name) => string.Create(name.Length, name, static (letters, source) =>
    {
        for (var i = 0; i < letters.Length; i++)
            letters[i] = source[i] switch { '-' or '_' or '.' => '.', '\0' => '?', var letter => char.ToLowerInvariant(letter) };
    });
}
