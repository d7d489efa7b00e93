using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace WhatsOps.Events;

/// <summary>Makes a <see cref="MetaChange"/> of one of the changes in an entry.</summary>
internal static class MetaChangeReader
{
    private const int MaxNameLength = 100;

    // Later than any time in seconds, earlier than any in milliseconds: some of Meta's products write those.
    private const long FirstMilliseconds = 100_000_000_000;

    [ThreadStatic]
    private static CanonicalJson? s_canonical;

    public static MetaChange Read(JsonElement root, JsonElement entry, JsonElement change, PhoneHasher phones)
    {
        var value = MetaReader.Member(change, "value", JsonValueKind.Object) ?? default;
        var (messages, statuses) = (Items(value, "messages"), Items(value, "statuses"));
        var field = Text(change, "field");
        var metadata = MetaReader.Member(value, "metadata", JsonValueKind.Object) ?? default;
        string?[] ids = field != "messages" ? [] : [.. messages.Select(message => Text(message, "id")), .. statuses.Select(status => Text(status, "id") is { } id && Text(status, "status") is { } state ? $"{id}/{state}" : null)];
        return new(
            Account(entry), EventOf(field, messages.Count == 0 && statuses.Count > 0), Clean(Text(metadata, "phone_number_id")),
            ids.Length > 0 && !ids.Contains(null) ? KeyOf(Account(entry), ids!) : KeyOf(entry, change),
            TimeOf(entry), MetaPhones.In(change, phones), Alone(root, entry, change));
    }

    /// <summary>An entry without changes, kept as it is.</summary>
    public static MetaChange ReadStrange(JsonElement root, JsonElement entry, PhoneHasher phones) => new(
        Account(entry), MetaChange.NoField, null, KeyOf(entry, entry), TimeOf(entry), MetaPhones.In(entry, phones), Alone(root, entry, null));

    private static string Account(JsonElement entry) => Clean(Text(entry, "id")) is { Length: > 0 } id ? id : MetaChange.NoAccount;

    private static string EventOf(string? field, bool areStatuses) => field switch
    {
        null or "" => MetaChange.NoField,
        "messages" => areStatuses ? "meta.statuses" : "meta.messages",
        _ => "meta." + string.Concat(EventNames.Cut(field, MaxNameLength).Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : letter is '_' or '.' or '-' ? letter : '?')),
    };

    // Meta repeats a body until it hears 2xx, and may pack the same message with others then: its own ids tell it apart.
    private static Guid KeyOf(string account, string[] ids)
    {
        var canonical = Canonical();
        foreach (var part in (IEnumerable<string>)["ids", account, .. ids.Order(StringComparer.Ordinal)]) canonical.Add(Encoding.UTF8.GetBytes(part));
        return canonical.Finish();
    }

    // With the entry's time: a template that is approved, paused and approved again is told three times, and better twice than lost.
    private static Guid KeyOf(JsonElement entry, JsonElement change)
    {
        var canonical = Canonical();
        canonical.Add("change"u8);
        canonical.Add(Encoding.UTF8.GetBytes(Account(entry)));
        canonical.Add(entry.TryGetProperty("time", out var time) ? JsonMarshal.GetRawUtf8Value(time) : []);
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(change), new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read()) canonical.Take(ref reader);
        return canonical.Finish();
    }

    private static CanonicalJson Canonical()
    {
        var canonical = s_canonical ??= new CanonicalJson();
        canonical.Reset();
        return canonical;
    }

    private static DateTimeOffset? TimeOf(JsonElement entry)
    {
        if (MetaReader.Member(entry, "time", JsonValueKind.Number) is not { } time || !time.TryGetInt64(out var stamp) || stamp < 0) return null;
        if (stamp < FirstMilliseconds) return DateTimeOffset.FromUnixTimeSeconds(stamp);
        return stamp <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(stamp) : null;
    }

    private static byte[] Alone(JsonElement root, JsonElement entry, JsonElement? change)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            Copy(writer, root, "object");
            writer.WriteStartArray("entry");
            if (change is { } one)
            {
                writer.WriteStartObject();
                Copy(writer, entry, "id");
                Copy(writer, entry, "time");
                writer.WriteStartArray("changes");
                writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(one), skipInputValidation: true);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            else
            {
                writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(entry), skipInputValidation: true);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static void Copy(Utf8JsonWriter writer, JsonElement from, string name)
    {
        if (!from.TryGetProperty(name, out var value)) return;
        writer.WritePropertyName(name);
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
    }

    private static IReadOnlyList<JsonElement> Items(JsonElement value, string name) => MetaReader.Member(value, name, JsonValueKind.Array) is { } list ? [.. list.EnumerateArray()] : [];

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value)
            ? value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Number => value.GetRawText(), _ => null }
            : null;

    // PostgreSQL has no U+0000 in text.
    private static string? Clean(string? text) => text is null ? null : EventNames.Cut(text, MaxNameLength).Replace('\0', '\uFFFD');
}
