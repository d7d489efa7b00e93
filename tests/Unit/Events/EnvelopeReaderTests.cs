using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using WhatsOps.Events;

namespace WhatsOps.Tests.Unit.Events;

public sealed class EnvelopeReaderTests
{
    private static readonly PhoneHasher Phones = new(new byte[32]);

    private static readonly Gen<JsonNode?> Leaf = Gen.OneOf(
        Gen.Int.Select(value => (JsonNode?)JsonValue.Create(value)),
        Gen.Bool.Select(value => (JsonNode?)JsonValue.Create(value)),
        Gen.String[Gen.Char["aé\"\\\n☺xyz"], 0, 6].Select(value => (JsonNode?)JsonValue.Create(value)),
        Gen.Const((JsonNode?)null));

    private static readonly Gen<JsonNode?> Data = Tree(4);

    [Fact]
    public void The_same_data_in_another_order_and_dress_has_the_same_key() => Gen.Select(Data, Gen.Int).Sample((data, seed) =>
    {
        var plain = Key(data?.ToJsonString() ?? "null");
        var shuffled = Shuffle(data, new Random(seed));
        // Another order of members, other white space, other escaping.
        var dressed = shuffled?.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) ?? "null";
        return plain == Key(dressed);
    });

    [Fact]
    public void Different_data_has_a_different_key() => Gen.Select(Data, Data).Sample((left, right) =>
        JsonNode.DeepEquals(left, right) == (Key(left?.ToJsonString() ?? "null") == Key(right?.ToJsonString() ?? "null")));

    [Theory]
    [InlineData("""{"a":"1"}""", """{"a":1}""")]
    [InlineData("""{"a":[1,2]}""", """{"a":[2,1]}""")]
    [InlineData("""{"a":[],"b":{}}""", """{"a":{},"b":[]}""")]
    [InlineData("""{"a":"bc"}""", """{"ab":"c"}""")]
    [InlineData("""[["a"],"b"]""", """[["a","b"]]""")]
    [InlineData("""{"a":null}""", """{}""")]
    [InlineData("""{"a":1,"a":2}""", """{"a":2,"a":1}""")]
    public void What_looks_alike_is_told_apart(string left, string right) => Assert.NotEqual(Key(left), Key(right));

    [Theory]
    [InlineData("messages.upsert", """{"key":{"remoteJid":"5511999990000@s.whatsapp.net","fromMe":false,"id":"3EB0A1"},"message":{"key":{"id":"inner"}}}""", "3EB0A1")]
    [InlineData("send.message", """{"pushName":"x","key":{"id":"3EB0A2","nested":{"id":"deep"}}}""", "3EB0A2")]
    [InlineData("messages.upsert", """{"key":{"nested":{"id":"deep"}}}""", null)]
    [InlineData("messages.upsert", """{"key":"3EB0A3"}""", null)]
    [InlineData("messages.upsert", """{"key":{"id":7}}""", null)]
    [InlineData("messages.upsert", """[{"key":{"id":"3EB0A4"}}]""", null)]
    [InlineData("messages.update", """{"key":{"id":"3EB0A5"}}""", null)]
    [InlineData("messages.update", """{"messageId":"c1","keyId":"3EB0A6","fromMe":true,"status":"SERVER_ACK"}""", "3EB0A6")]
    [InlineData("messages.update", """{"id":"3EB0A7","fromMe":true,"status":"SERVER_ACK"}""", "3EB0A7")]
    [InlineData("messages.update", """{"keyId":"3EB0A8","id":"other"}""", "3EB0A8")]
    [InlineData("messages.update", """{"id":"other","keyId":"3EB0A9"}""", "3EB0A9")]
    [InlineData("call", """{"id":"3EB0B0"}""", null)]
    public void The_id_of_a_message_is_read_from_its_key_or_its_update_of_message_events_only(string name, string data, string? id)
    {
        Assert.Equal(id, Read($$"""{"event":"{{name}}","instance":"a","data":{{data}},"date_time":"t"}""").MessageId);
        Assert.Equal(id, Read($$"""{"data":{{data}},"date_time":"t","event":"{{name}}"}""").MessageId);
    }

    [Fact]
    public void Event_instance_and_time_are_part_of_the_key_and_destination_sender_and_apikey_are_not()
    {
        var body = """{"event":"call","instance":"a","data":{"x":1},"destination":"d","date_time":"t","sender":"s","apikey":"k"}""";
        Assert.Equal(Read(body).Key, Read(body.Replace("\"d\"", "\"e\"").Replace("\"s\"", "\"z\"").Replace("\"k\"", "null")).Key);
        Assert.NotEqual(Read(body).Key, Read(body.Replace("\"t\"", "\"u\"")).Key);
        Assert.NotEqual(Read(body).Key, Read(body.Replace("\"a\"", "\"b\"")).Key);
        Assert.NotEqual(Read(body).Key, Read(body.Replace("\"call\"", "\"error\"")).Key);
        Assert.Null(Read("""{"event":"call","instance":"a","data":{}}""").Key);
    }

    [Fact]
    public void A_name_too_long_is_not_cut_within_a_character()
    {
        var smile = char.ConvertFromUtf32(0x1F600);
        var read = Read($$"""{"event":"{{new string('e', 99)}}{{smile}}","instance":"{{new string('i', 199)}}{{smile}}","data":null}""");
        Assert.Equal((new string('e', 99), new string('i', 199)), (read.Event, read.Instance));
    }

    [Fact]
    public void Whatever_the_bytes_reading_never_throws() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        var noise = EnvelopeReader.Read(bytes, 32, Phones);
        var framed = Encoding.UTF8.GetBytes("""{"event":"x","data":""").Concat(bytes).Append((byte)'}').ToArray();
        foreach (var name in (string[])["connection.update", "qrcode.updated", "message.ack"])
            _ = EnvelopeReader.Read(Encoding.UTF8.GetBytes($$"""{"event":"{{name}}","timestamp":"t","data":{"status":""").Concat(bytes).Concat("}}"u8.ToArray()).ToArray(), 32, Phones);
        return noise.Problem is not null == (noise.Problem is "malformed" or "too_deep") && EnvelopeReader.Read(framed, 32, Phones) is not null;
    });

    [Fact]
    public void A_body_cut_anywhere_gives_what_stood_before_the_cut()
    {
        var body = Encoding.UTF8.GetBytes("""{"event":"messages.upsert","instance":"shop-a","data":{"key":{"id":"1"}},"date_time":"2026-03-01T00:00:00.000Z"}""");
        for (var length = 0; length < body.Length; length++)
            Assert.Equal(EnvelopeReader.Malformed, EnvelopeReader.Read(body.AsSpan(0, length), 32, Phones).Problem);
        var head = EnvelopeReader.Read(body.AsSpan(0, 70), 32, Phones, isWhole: false);
        Assert.Equal((EnvelopeReader.Oversized, "messages.upsert", "shop-a"), (head.Problem, head.Event, head.Instance));
    }

    [Fact]
    public void Phones_are_found_wherever_they_stand_and_each_once()
    {
        var envelope = Read("""
            {"event":"messages.upsert","sender":"5511888880000@s.whatsapp.net","data":{"key":{"remoteJid":"5511999990000@s.whatsapp.net","participant":"5511999990000:7@s.whatsapp.net"},
            "group":"12036302@g.us","mentionedJid":["5511777770000@c.us"],"text":"call 5511666660000"},"date_time":"t"}
            """);
        Assert.Equal(
            new[] { "5511888880000", "5511999990000", "5511777770000" }.Select(digits => Phones.Hash(Encoding.ASCII.GetBytes(digits))),
            envelope.Phones);
    }

    [Fact]
    public void Keys_are_taken_out_and_nothing_else()
    {
        var body = """{"apikey":"A-1","event":"x","api_key" : "B-2","data":{"apikey":"theirs"},"apikey":null}""";
        var clean = BodySecrets.Without(Encoding.UTF8.GetBytes(body), Read(body));
        Assert.Equal("""{"apikey":null,"event":"x","api_key" : null,"data":{"apikey":"theirs"},"apikey":null}""", Encoding.UTF8.GetString(clean.Span));

        var broken = """{"event":"x","apikey":"A-1","data":{ ☺""";
        Assert.Equal("""{"event":"x","apikey":null,"data":{ ☺""", Encoding.UTF8.GetString(BodySecrets.Without(Encoding.UTF8.GetBytes(broken), Read(broken)).Span));
    }

    [Theory]
    [InlineData("connection.update", """{"state":"open","statusReason":200}""", "open", 200, false)]
    [InlineData("connection.update", """{"state":"refused","statusReason":428}""", "refused", 428, false)]
    [InlineData("connection.update", """{"state":"pairing"}""", "unknown", null, false)]
    [InlineData("connection.update", """{"nested":{"state":"open"}}""", null, null, false)]
    [InlineData("status.instance", """{"status":"closed","disconnectionReasonCode":401}""", "close", 401, false)]
    [InlineData("status.instance", """{"status":"removed"}""", null, null, false)]
    [InlineData("messages.upsert", """{"state":"open","status":"closed"}""", null, null, false)]
    [InlineData("qrcode.updated", """{"qrcode":{"code":"2@x"}}""", null, null, true)]
    [InlineData("qrcode.updated", """{"message":"QR code limit reached","statusCode":500}""", null, 500, false)]
    [InlineData("logout.instance", "null", null, null, false)]
    public void States_are_read_from_the_events_that_tell_them(string name, string data, string? state, int? reason, bool isQr)
    {
        var envelope = Read($$"""{"event":"{{name}}","instance":"a","data":{{data}},"date_time":"2026-03-01T09:30:00.000Z"}""");
        Assert.Equal((state, reason, isQr, null), (envelope.State, envelope.Reason, envelope.IsQrCode, envelope.Problem));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 9, 30, 0, TimeSpan.Zero), envelope.GatewayTime);
    }

    [Theory]
    [InlineData("connection.update", """{"status":"connected"}""", "open", null, false, null)]
    [InlineData("connection.update", """{"status":"disconnected","phone":""}""", "close", null, false, null)]
    [InlineData("connection.update", """{"status":"logged_out"}""", "close", 401, false, null)]
    [InlineData("connection.update", """{"status":"paused"}""", "unknown", null, false, null)]
    [InlineData("connection.update", """{"status":7}""", null, null, false, null)]
    [InlineData("qrcode.updated", """{"qr_code":"data:image/png;base64,AA","code":"2@x"}""", null, null, true, null)]
    [InlineData("messages.upsert", """{"message_id":"3EB0C1","from":"5511999990000@s.whatsapp.net","to":"5511888880000"}""", null, null, false, "3EB0C1")]
    [InlineData("send.message", """{"message_id":"3EB0C2","status":"sent"}""", null, null, false, "3EB0C2")]
    [InlineData("messages.update", """{"message_id":"3EB0C3","status":"read"}""", null, null, false, "3EB0C3")]
    [InlineData("message.ack", """{"message_id":"3EB0C4","status":"delivered"}""", null, null, false, "3EB0C4")]
    [InlineData("call.missed", """{"message_id":"3EB0C5"}""", null, null, false, null)]
    public void TurboZaps_words_are_read_like_everybodys(string name, string data, string? state, int? reason, bool isQr, string? id)
    {
        var envelope = Read($$"""{"event":"{{name}}","instance_id":"6f1c","instance":"a","timestamp":"2026-03-01T09:30:00.123456789-03:00","data":{{data}}}""");
        Assert.Equal((name, "a", null), (envelope.Event, envelope.Instance, envelope.Problem));
        Assert.Equal((state, reason, isQr, id), (envelope.State, envelope.Reason, envelope.IsQrCode, envelope.MessageId));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 30, 0, 123, TimeSpan.Zero), envelope.GatewayTime!.Value, TimeSpan.FromMilliseconds(1));
        Assert.NotNull(envelope.Key);
    }

    [Fact]
    public void A_code_that_TurboZap_tells_twice_is_one_and_a_state_told_twice_is_two()
    {
        Guid? Of(string name, string data, string time) => Read($$"""{"event":"{{name}}","instance":"a","timestamp":"2026-03-01T09:30:{{time}}Z","data":{{data}}}""").Key;
        Assert.Equal(Of("qrcode.updated", """{"qr_code":"x","code":"2@x"}""", "00"), Of("qrcode.updated", """{"code":"2@x","qr_code":"x"}""", "01"));
        Assert.NotEqual(Of("qrcode.updated", """{"qr_code":"x","code":"2@x"}""", "00"), Of("qrcode.updated", """{"qr_code":"y","code":"2@y"}""", "00"));
        Assert.NotEqual(Of("connection.update", """{"status":"connected"}""", "00"), Of("connection.update", """{"status":"connected"}""", "01"));
    }

    [Fact]
    public void People_that_TurboZap_writes_as_digits_are_found_for_erasure()
    {
        var envelope = Read("""{"event":"messages.upsert","instance":"a","timestamp":"t","data":{"from":"5511999990000","to":"5511888880000@s.whatsapp.net","content":"5511777770000"}}""");
        Assert.Equal(new[] { "5511999990000", "5511888880000" }.Select(digits => Phones.Hash(Encoding.ASCII.GetBytes(digits))), envelope.Phones);
    }

    private static WebhookEnvelope Read(string body) => EnvelopeReader.Read(Encoding.UTF8.GetBytes(body), 64, Phones);

    private static Guid? Key(string data)
    {
        var envelope = Read($$"""{"event":"messages.upsert","instance":"shop-a","data":{{data}},"date_time":"2026-03-01T00:00:00.000Z"}""");
        Assert.Null(envelope.Problem);
        return envelope.Key!.Value;
    }

    private static Gen<JsonNode?> Tree(int depth)
    {
        if (depth == 0) return Leaf;
        var child = Tree(depth - 1);
        return Gen.OneOf(
            Leaf,
            child.Array[0, 4].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())])),
            Gen.Dictionary(Gen.String[Gen.Char["abé\""], 0, 3], child)[0, 4].Select(members =>
                (JsonNode?)new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())))));
    }

    private static JsonNode? Shuffle(JsonNode? node, Random random) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(_ => random.Next()).Select(member => KeyValuePair.Create(member.Key, Shuffle(member.Value, random)))),
        JsonArray items => new JsonArray([.. items.Select(item => Shuffle(item, random))]),
        _ => node?.DeepClone(),
    };
}
