using Google.Protobuf;

namespace WhatsOps.Tests.Integration.Telemetry;

/// <summary>One span of an OTLP request (opentelemetry/proto/trace/v1/trace.proto, by field number).</summary>
/// <param name="Links">Trace ids of its links.</param>
internal sealed record OtlpSpan(string Source, string Name, string Trace, string Id, string Parent, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> Links)
{
    public static IEnumerable<OtlpSpan> Read(byte[] request) =>
        from resource in Fields(request).Of(1)
        from scope in Fields(resource).Of(2)
        let fields = Fields(scope)
        let source = Fields(fields.Of(1).Single()).Of(1).Select(Text).Single()
        from span in fields.Of(2)
        select Span(source, Fields(span));

    private static OtlpSpan Span(string source, ILookup<int, byte[]> span) => new(
        source, Text(span.Of(5).Single()), Hex(span, 1), Hex(span, 2), Hex(span, 4),
        span.Of(9).Select(Fields).ToDictionary(tag => Text(tag.Of(1).Single()), tag => Value(Fields(tag.Of(2).Single())), StringComparer.Ordinal),
        [.. span.Of(13).Select(link => Hex(Fields(link), 1))]);

    private static string Value(ILookup<int, byte[]> value) => value.Of(1).Select(Text).SingleOrDefault() ?? "";

    private static string Hex(ILookup<int, byte[]> message, int field) => message.Of(field).Select(Convert.ToHexStringLower).SingleOrDefault() ?? "";

    private static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);

    // Only what has a length is of interest: messages, texts, ids.
    private static ILookup<int, byte[]> Fields(byte[] message)
    {
        var found = new List<(int Field, byte[] Value)>();
        using var input = new CodedInputStream(message);
        while (input.ReadTag() is not 0 and var tag)
            if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited) found.Add((WireFormat.GetTagFieldNumber(tag), input.ReadBytes().ToByteArray()));
            else input.SkipLastField();
        return found.ToLookup(field => field.Field, field => field.Value);
    }
}

/// <summary>Fields by their number.</summary>
internal static class OtlpFields
{
    public static IEnumerable<byte[]> Of(this ILookup<int, byte[]> message, int field) => message[field];
}
