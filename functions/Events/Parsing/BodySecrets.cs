using System.Text;
using System.Text.RegularExpressions;

namespace WhatsOps.Events;

/// <summary>Takes the gateway's keys out of a body before it is stored: <c>"apikey":"…"</c> becomes <c>"apikey":null</c>, the rest stays byte for byte.</summary>
internal static partial class BodySecrets
{
    public static ReadOnlyMemory<byte> Without(ReadOnlyMemory<byte> body, WebhookEnvelope envelope)
    {
        if (envelope.Problem is not null) return WithoutByPattern(body);
        if (envelope.Keys.Count == 0) return body;
        var clean = new byte[body.Length + (4 * envelope.Keys.Count)];
        var length = 0;
        var from = 0;
        foreach (var (start, end) in envelope.Keys)
        {
            Copy(body.Span[from..start]);
            Copy("null"u8);
            from = end;
        }

        Copy(body.Span[from..]);
        return clean.AsMemory(0, length);

        void Copy(ReadOnlySpan<byte> part)
        {
            part.CopyTo(clean.AsSpan(length));
            length += part.Length;
        }
    }

    // A body that is no JSON may still hold a key. Latin-1 keeps every byte as it is.
    private static ReadOnlyMemory<byte> WithoutByPattern(ReadOnlyMemory<byte> body)
    {
        var text = Encoding.Latin1.GetString(body.Span);
        var clean = Key().Replace(text, "$1null");
        return ReferenceEquals(clean, text) ? body : Encoding.Latin1.GetBytes(clean);
    }

    [GeneratedRegex("""("api_?key"\s*:\s*)"[^"]*("|$)""", RegexOptions.CultureInvariant)]
    private static partial Regex Key();
}
