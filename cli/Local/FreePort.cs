using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace WhatsOps.Cli.Local;

/// <summary>
/// A loopback TCP port that was free a moment ago, never the same twice in one process. From below the range that the kernel gives to outgoing
/// connections: one of those, or a client that waits for the server and happens to connect to itself, would take it before the server does.
/// </summary>
public static class FreePort
{
    private const int First = 20000;
    private const int End = 32768;
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    public static int Next()
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var port = Random.Shared.Next(First, End);
            if (Given.TryAdd(port, true) && IsFree(port)) return port;
        }

        throw new CliProblem($"No free TCP port was found between {First} and {End}.", "end programs that listen there");
    }

    public static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
