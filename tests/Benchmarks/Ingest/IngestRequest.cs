using System.Globalization;
using System.Text;

namespace WhatsOps.Benchmarks.Ingest;

/// <summary>One HTTP request in bytes, made once and patched in place: the client must not be what is measured.</summary>
internal sealed class IngestRequest
{
    private const int BodyLength = 1126;
    private const int Digits = 12;

    // date_time is built from the number; twelve digits after the date keep every number apart.
    private const string Mark = "000000000000";
    private readonly byte[] _bytes;
    private readonly int[] _marks;

    private IngestRequest(string path, string secret, string body)
    {
        var head = $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nx-whatsops-secret: {secret}\r\n"
            + $"User-Agent: axios/1.12.2\r\nAccept: application/json, text/plain, */*\r\nContent-Length: {body.Length}\r\n\r\n";
        var text = head + body;
        _bytes = Encoding.ASCII.GetBytes(text);
        _marks = [.. Marks(text)];
    }

    /// <summary>A message of a tenant, 1.1 KB as Evolution's usually are.</summary>
    public static IngestRequest Message(string tenant, string secret, string instance)
    {
        var body = $$$"""
            {"event":"messages.upsert","instance":"{{{instance}}}","data":{"key":{"remoteJid":"5511999990000@s.whatsapp.net","fromMe":false,"id":"3EB0{{{Mark}}}"},"pushName":"Cliente","status":"DELIVERY_ACK","message":{"conversation":"#"},"contextInfo":{"mentionedJid":[],"groupMentions":[],"ephemeralSettingTimestamp":{"low":1795221366,"high":0,"unsigned":false},"disappearingMode":{"initiator":0}},"messageType":"conversation","messageTimestamp":1795394166,"instanceId":"22264195-83be-479a-b9e7-412918ea8898","source":"android"},"destination":"http://127.0.0.1:7071/api/whatsapp/webhook/{{{tenant}}}","date_time":"2026-03-01T00:00:00.{{{Mark}}}Z","sender":"5511911110001@s.whatsapp.net","server_url":"http://127.0.0.1:58080","apikey":"1F87C6DE-95BA-446D-8EE4-92C099AC5F4B"}
            """;
        return new($"/api/whatsapp/webhook/{tenant}", secret, body.Replace("#", new string('m', BodyLength - body.Length), StringComparison.Ordinal));
    }

    /// <summary>A connection.update, as a gateway without WhatsApp sends 35 of per second and instance.</summary>
    public static IngestRequest Connecting(string tenant, string secret, string instance) => new($"/api/whatsapp/webhook/{tenant}", secret, $$$"""
        {"event":"connection.update","instance":"{{{instance}}}","data":{"instance":"{{{instance}}}","state":"connecting","statusReason":200},"destination":"http://127.0.0.1:7071/api/whatsapp/webhook/{{{tenant}}}","date_time":"2026-03-01T00:00:00.{{{Mark}}}Z","server_url":"http://127.0.0.1:58080","apikey":"1F87C6DE-95BA-446D-8EE4-92C099AC5F4B"}
        """);

    /// <summary>The request with this number in its id and time; the same number is a duplicate.</summary>
    public ReadOnlyMemory<byte> Numbered(long number)
    {
        Span<char> digits = stackalloc char[Digits];
        number.TryFormat(digits, out _, "D12", CultureInfo.InvariantCulture);
        foreach (var mark in _marks) Encoding.ASCII.GetBytes(digits, _bytes.AsSpan(mark));
        return _bytes;
    }

    private static IEnumerable<int> Marks(string text)
    {
        for (var at = text.IndexOf(Mark, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Mark, at + Digits, StringComparison.Ordinal)) yield return at;
    }
}
