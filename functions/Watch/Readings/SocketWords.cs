using System.Net.Sockets;

namespace WhatsOps.Watch;

/// <summary>Why there is no connection, in one sentence; an exception's own words may quote an address.</summary>
internal static class SocketWords
{
    public static string Of(SocketException problem) => problem.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "The connection is refused: nothing listens there.",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "Its name does not resolve.",
        var code => $"No connection ({code}).",
    };
}
