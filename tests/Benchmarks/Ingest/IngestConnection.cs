using System.Net;
using System.Net.Sockets;

namespace WhatsOps.Benchmarks.Ingest;

/// <summary>One keep-alive connection by hand: send a request, read the answer, tell its status. HttpClient would cost more than the server.</summary>
internal sealed class IngestConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[4096];

    private IngestConnection()
    {
    }

    public static async Task<IngestConnection> OpenAsync(int port, CancellationToken cancellation)
    {
        var connection = new IngestConnection();
        await connection._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
        return connection;
    }

    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        for (var sent = 0; sent < request.Length;) sent += await _socket.SendAsync(request[sent..], SocketFlags.None, cancellation);
        var length = 0;
        while (true)
        {
            var read = await _socket.ReceiveAsync(_answer.AsMemory(length), SocketFlags.None, cancellation);
            if (read == 0) throw new IOException("The server closed the connection.");
            length += read;
            if (IsWhole(_answer.AsSpan(0, length))) return ((_answer[9] - '0') * 100) + ((_answer[10] - '0') * 10) + (_answer[11] - '0');
        }
    }

    public void Dispose() => _socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return false;
        var name = answer.IndexOf("Content-Length: "u8);
        if (name < 0 || name > end) return true;
        var body = 0;
        for (var at = name + 16; answer[at] is >= (byte)'0' and <= (byte)'9'; at++) body = (body * 10) + (answer[at] - '0');
        return answer.Length >= end + 4 + body;
    }
}
