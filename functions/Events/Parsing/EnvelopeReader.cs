using System.Globalization;
using System.Text;
using System.Text.Json;

namespace WhatsOps.Events;

/// <summary>
/// Reads a webhook body in one pass, without a document: the envelope's fields, the dedupe key over event, instance, date_time and canonical
/// data, and the phone numbers. What cannot be read is no exception but a <see cref="WebhookEnvelope.Problem"/>.
/// </summary>
internal static class EnvelopeReader
{
    public const string Malformed = "malformed";
    public const string TooDeep = "too_deep";
    public const string Oversized = "oversized";

    private const int MaxNameLength = 200;

    [ThreadStatic]
    private static CanonicalJson? s_canonical;

    /// <param name="suffix">The event's name in the address; counts when the body has none.</param>
    /// <param name="isWhole">False: these are the first bytes of an oversized body, of which only the envelope's head is wanted.</param>
    public static WebhookEnvelope Read(ReadOnlySpan<byte> body, int maxDepth, PhoneHasher phones, string? suffix = null, bool isWhole = true)
    {
        var envelope = new WebhookEnvelope { Event = suffix?.Trim('/') is { Length: > 0 } named ? EventNames.Normalise(named) : null };
        var canonical = s_canonical ??= new CanonicalJson();
        canonical.Reset();
        var reader = new Utf8JsonReader(body, isWhole, new JsonReaderState(new() { MaxDepth = maxDepth + 2 }));
        var pass = new Pass(envelope, canonical, phones, maxDepth);
        try
        {
            pass.Read(ref reader);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is no Unicode (a lone surrogate).
            envelope.Problem = Malformed;
        }

        if (!isWhole) envelope.Problem = Oversized;
        envelope.Key = envelope.Problem is null ? pass.Key() : null;
        return envelope;
    }

    /// <summary>Dedupe key of a body that cannot be read: its bytes.</summary>
    public static Guid RawKey(ReadOnlySpan<byte> sha256) => new(sha256[..16], bigEndian: true);

    private ref struct Pass(WebhookEnvelope envelope, CanonicalJson canonical, PhoneHasher phones, int maxDepth)
    {
        private string? _dateTime;
        private string? _state;
        private string? _status;
        private int? _statusReason;
        private int? _statusCode;
        private int? _disconnectionReason;
        private bool _hasQrCode;
        private string? _messageId;
        private string? _updatedId;
        private bool _hasPlainQrCode;
        private string? _plainId;

        public void Read(ref Utf8JsonReader reader)
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                envelope.Problem = EnvelopeReader.Malformed;
                return;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("event"u8)) envelope.Event = Text(ref reader) is { Length: > 0 } name ? EventNames.Normalise(name) : envelope.Event;
                else if (reader.ValueTextEquals("instance"u8)) envelope.Instance = Clean(Text(ref reader));
                else if (reader.ValueTextEquals("date_time"u8)) _dateTime = Text(ref reader);
                // TurboZap's word for it.
                else if (reader.ValueTextEquals("timestamp"u8)) _dateTime ??= Text(ref reader);
                else if (reader.ValueTextEquals("apikey"u8) || reader.ValueTextEquals("api_key"u8)) Secret(ref reader);
                else if (reader.ValueTextEquals("data"u8)) Value(ref reader, isData: true);
                else Value(ref reader, isData: false);
                if (envelope.Problem is not null) return;
            }

            // Garbage after the object makes the reader throw here.
            reader.Read();
            Conclude();
        }

        public readonly Guid? Key()
        {
            if (_dateTime is null) return null;
            canonical.Add(Encoding.UTF8.GetBytes(envelope.Event ?? ""));
            canonical.Add(Encoding.UTF8.GetBytes(envelope.Instance ?? ""));
            // TurboZap may tell one code twice, a moment apart; no two codes are alike.
            canonical.Add(_hasPlainQrCode ? [] : Encoding.UTF8.GetBytes(_dateTime));
            return canonical.Finish();
        }

        private readonly void Conclude()
        {
            if (DateTimeOffset.TryParse(_dateTime, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
                envelope.GatewayTime = time;
            switch (envelope.Event)
            {
                case EventNames.ConnectionUpdate when _state is not null:
                    envelope.State = Gateways.InstanceStateNames.ToName(Gateways.InstanceStateNames.Parse(_state));
                    envelope.Reason = _statusReason;
                    break;
                case EventNames.ConnectionUpdate when _status is not null:
                    // TurboZap's words. Logged out is for good, like Baileys' 401.
                    envelope.State = _status switch { "connected" => "open", "disconnected" or "logged_out" => "close", _ => "unknown" };
                    envelope.Reason = _status == "logged_out" ? 401 : null;
                    break;
                case EventNames.MessagesUpsert or EventNames.SendMessage:
                    envelope.MessageId = Clean(_messageId ?? _plainId);
                    break;
                case EventNames.MessagesUpdate or EventNames.MessageAck:
                    envelope.MessageId = Clean(_updatedId ?? _plainId);
                    break;
                case EventNames.StatusInstance:
                    // Evolution says "closed" here where connection.update says "close".
                    envelope.State = _status switch { "closed" => "close", "open" or "connecting" => _status, _ => null };
                    envelope.Reason = _disconnectionReason;
                    break;
                case EventNames.QrCodeUpdated:
                    envelope.IsQrCode = _hasQrCode || _hasPlainQrCode;
                    envelope.Reason = _statusCode;
                    break;
            }
        }

        private static string? Text(ref Utf8JsonReader reader)
        {
            Next(ref reader);
            if (reader.TokenType == JsonTokenType.String) return reader.GetString();
            SkipValue(ref reader);
            return null;
        }

        private readonly void Secret(ref Utf8JsonReader reader)
        {
            Next(ref reader);
            var start = (int)reader.TokenStartIndex;
            SkipValue(ref reader);
            envelope.Keys.Add((start, (int)reader.BytesConsumed));
        }

        private static void SkipValue(ref Utf8JsonReader reader)
        {
            if (!reader.TrySkip()) throw new JsonException("The body ends within a value.");
        }

        private void Value(ref Utf8JsonReader reader, bool isData)
        {
            Next(ref reader);
            var depth = reader.CurrentDepth;
            if (isData) canonical.Reset();
            while (true)
            {
                if (reader.CurrentDepth >= maxDepth)
                {
                    envelope.Problem = TooDeep;
                    return;
                }

                if (reader.TokenType == JsonTokenType.String) Phone(ref reader);
                if (isData) canonical.Take(ref reader);
                if (reader.CurrentDepth == depth && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return;
                if (isData && reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == depth + 1) Signal(reader);
                Next(ref reader);
            }
        }

        // By value: the copy looks one token ahead, the pass itself does not move.
        private void Signal(Utf8JsonReader ahead)
        {
            if (ahead.ValueTextEquals("key"u8)) _messageId = IdWithin(ref ahead);
            else if (ahead.ValueTextEquals("state"u8)) _state = Ahead(ref ahead);
            else if (ahead.ValueTextEquals("status"u8)) _status = Ahead(ref ahead);
            else if (ahead.ValueTextEquals("statusReason"u8)) _statusReason = AheadNumber(ref ahead);
            else if (ahead.ValueTextEquals("statusCode"u8)) _statusCode = AheadNumber(ref ahead);
            else if (ahead.ValueTextEquals("disconnectionReasonCode"u8)) _disconnectionReason = AheadNumber(ref ahead);
            // An update is flat. 2.x: keyId, beside the messageId of its own database; 1.x: id.
            else if (ahead.ValueTextEquals("keyId"u8)) _updatedId = Ahead(ref ahead);
            else if (ahead.ValueTextEquals("id"u8)) _updatedId ??= Ahead(ref ahead);
            // TurboZap's data is flat and spelt with underscores; its people may be written as digits alone.
            else if (ahead.ValueTextEquals("message_id"u8)) _plainId = Ahead(ref ahead);
            else if (ahead.ValueTextEquals("qr_code"u8)) _hasPlainQrCode = Ahead(ref ahead) is { Length: > 0 };
            else if (ahead.ValueTextEquals("from"u8) || ahead.ValueTextEquals("to"u8)) PlainPhone(ref ahead);
            else if (ahead.ValueTextEquals("qrcode"u8)) _hasQrCode = ahead.Read() && ahead.TokenType == JsonTokenType.StartObject;
        }

        private static string? Ahead(ref Utf8JsonReader ahead) => ahead.Read() && ahead.TokenType == JsonTokenType.String ? ahead.GetString() : null;

        // data.key is {remoteJid, fromMe, id, participant?}: flat, and read twice only up to its id.
        private static string? IdWithin(ref Utf8JsonReader ahead)
        {
            if (!ahead.Read() || ahead.TokenType != JsonTokenType.StartObject) return null;
            var depth = ahead.CurrentDepth;
            while (ahead.Read() && ahead.CurrentDepth > depth)
                if (ahead.TokenType == JsonTokenType.PropertyName && ahead.CurrentDepth == depth + 1 && ahead.ValueTextEquals("id"u8)) return Ahead(ref ahead);
            return null;
        }

        private static int? AheadNumber(ref Utf8JsonReader ahead) =>
            ahead.Read() && ahead.TokenType == JsonTokenType.Number && ahead.TryGetInt32(out var number) ? number : null;

        // WhatsApp writes people as 5511999990000@s.whatsapp.net or 5511999990000:12@s.whatsapp.net; v1 also as …@c.us.
        private readonly void Phone(ref Utf8JsonReader reader)
        {
            var text = reader.ValueSpan;
            if (text.Length is < 10 or > 60 || !(text.EndsWith("@s.whatsapp.net"u8) || text.EndsWith("@c.us"u8))) return;
            var digits = text[..text.IndexOfAny((byte)'@', (byte)':')];
            if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return;
            Note(digits);
        }

        private readonly void PlainPhone(ref Utf8JsonReader ahead)
        {
            if (ahead.Read() && ahead.TokenType == JsonTokenType.String && ahead.ValueSpan.Length is >= 8 and <= 15 && !ahead.ValueSpan.ContainsAnyExceptInRange((byte)'0', (byte)'9')) Note(ahead.ValueSpan);
        }

        private readonly void Note(ReadOnlySpan<byte> digits)
        {
            var hash = phones.Hash(digits);
            if (!envelope.Phones.Contains(hash)) envelope.Phones.Add(hash);
        }

        private static void Next(ref Utf8JsonReader reader)
        {
            if (!reader.Read()) throw new JsonException("The body ends within a value.");
        }

        // PostgreSQL has no U+0000 in text.
        private static string? Clean(string? text) => text is null ? null
            : EventNames.Cut(text, MaxNameLength).Replace('\0', '\uFFFD');
    }
}
