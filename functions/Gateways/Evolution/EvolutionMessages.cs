using System.Text;
using System.Text.Json;

namespace WhatsOps.Gateways.Evolution;

/// <summary>
/// Stored messages by <c>POST /chat/findMessages/{instance}</c>. 2.x answers a page, <c>{"messages":{total,pages,currentPage,records}}</c>, newest first;
/// its <c>offset</c> is the size of a page. The window is only looked at by newer ones (both ends needed, ISO times), so it is checked here again.
/// 1.x hands <c>where</c> to MongoDB and answers an array of at most <c>limit</c>; with a file store it ignores the window, and on any error it answers [].
/// </summary>
internal static class EvolutionMessages
{
    public const int PageSize = 200;

    /// <summary>1.x has no pages: more than this in a window cannot be seen.</summary>
    public const int MostOfV1 = 5000;

    public static GatewayRequest Call(EvolutionVersion version, string instance, DateTimeOffset from, DateTimeOffset to, int page) => new(
        "messages", HttpMethod.Post, "/chat/findMessages/" + GatewayRequest.Escape(instance), instance, version == EvolutionVersion.V1
            ? new
            {
                where = new { messageTimestamp = new Dictionary<string, long> { ["$gte"] = from.ToUnixTimeSeconds(), ["$lte"] = to.ToUnixTimeSeconds() } },
                limit = MostOfV1,
            }
            : new { where = new { messageTimestamp = new { gte = from.UtcDateTime, lte = to.UtcDateTime } }, page, offset = PageSize });

    public static Func<Stream, CancellationToken, Task<StoredMessages?>> Read(DateTimeOffset from, DateTimeOffset to, int page) => async (body, cancellation) =>
    {
        var json = await EvolutionReader.JsonAsync(body, cancellation);
        if (json.ValueKind == JsonValueKind.Array) return Whole(json, from, to);
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Object
            || !messages.TryGetProperty("records", out var records) || records.ValueKind != JsonValueKind.Array
            || !messages.TryGetProperty("pages", out var pages) || !pages.TryGetInt32(out var count)) throw new JsonException("no messages");
        var read = records.EnumerateArray().Select(Message).OfType<StoredMessage>().ToArray();
        // Newest first: once a page reaches back before the window, the rest does.
        var isLast = page >= count || read.Length == 0 || read[^1].At < from;
        return new StoredMessages([.. read.Where(message => message.At >= from && message.At <= to)], isLast);
    };

    private static StoredMessages Whole(JsonElement array, DateTimeOffset from, DateTimeOffset to)
    {
        var read = array.EnumerateArray().Select(Message).OfType<StoredMessage>().ToArray();
        return new([.. read.Where(message => message.At >= from && message.At <= to)], IsLast: true, IsCut: array.GetArrayLength() >= MostOfV1 && read[^1].At >= from);
    }

    // A record without an id or a time is none that could be compared.
    private static StoredMessage? Message(JsonElement record)
    {
        if (record.ValueKind != JsonValueKind.Object || !record.TryGetProperty("key", out var key) || key.ValueKind != JsonValueKind.Object
            || !key.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.String || Seconds(record) is not { } seconds) return null;
        return new(
            id.GetString()!,
            key.TryGetProperty("fromMe", out var fromMe) && fromMe.ValueKind == JsonValueKind.True,
            record.TryGetProperty("messageType", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString()! : "",
            DateTimeOffset.FromUnixTimeSeconds(seconds),
            Encoding.UTF8.GetBytes(record.GetRawText()));
    }

    // A number, the same as text, or what Long.js makes of it.
    private static long? Seconds(JsonElement record)
    {
        if (!record.TryGetProperty("messageTimestamp", out var time)) return null;
        if (time.ValueKind == JsonValueKind.Object && time.TryGetProperty("low", out var low)) time = low;
        return time.ValueKind switch
        {
            JsonValueKind.Number when time.TryGetInt64(out var number) && number is >= 0 and < 100_000_000_000 => number,
            JsonValueKind.String when long.TryParse(time.GetString(), out var number) && number is >= 0 and < 100_000_000_000 => number,
            _ => null,
        };
    }
}
