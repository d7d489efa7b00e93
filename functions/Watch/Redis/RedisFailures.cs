using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using StackExchange.Redis;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>
/// Says why Redis could not be looked at. The client's own messages are not used: they quote the configuration, and of a connection that did not come about it says
/// only that; so Redis is asked once more, in its own protocol.
/// </summary>
internal static class RedisFailures
{
    private const int MostBytes = 4096;
    private const string Hello = "whatsops";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <param name="problem">Null: there is no connection.</param>
    public static async Task<Reading> ReadAsync(Exception? problem, ConfigurationOptions options, TimeProvider time, CancellationToken cancellation) => problem switch
    {
        RedisServerException refusal => Refusal(refusal.Message),
        TimeoutException => Reading.Unreachable("Redis does not answer in time."),
        _ => await AskAsync(options, time, cancellation),
    };

    private static async Task<Reading> AskAsync(ConfigurationOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var (host, port) = options.EndPoints[0] switch
        {
            DnsEndPoint name => (name.Host, name.Port),
            IPEndPoint address => (address.Address.ToString(), address.Port),
            _ => ("", 0),
        };
        if (host.Length == 0) return Reading.Unreachable("Redis does not answer.");
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, either.Token);
            await using var stream = await SecureAsync(client.GetStream(), options, host, either.Token);
            string[][] commands = options.Password is not { Length: > 0 } password ? [] : options.User is { Length: > 0 } user ? [["AUTH", user, password]] : [["AUTH", password]];
            // ECHO is how the client knows a living server. All at once: a stranger may close after the first line, and what it said is lost to whoever goes on writing.
            await stream.WriteAsync(Encode([.. commands, ["ECHO", Hello], ["PING"]]), either.Token);
            return await AnswerAsync(new CappedStream(stream, MostBytes), either.Token);
        }
        catch (SocketException problem)
        {
            return Reading.Unreachable(SocketWords.Of(problem));
        }
        catch (AuthenticationException)
        {
            return Reading.Unreachable("The TLS handshake failed.");
        }
        catch (InvalidDataException)
        {
            return Stranger();
        }
        catch (IOException)
        {
            return Reading.Unreachable("The connection broke.");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Reading.Unreachable("What listens there takes the connection and does not answer.");
        }
    }

    private static async Task<Stream> SecureAsync(Stream stream, ConfigurationOptions options, string host, CancellationToken cancellation)
    {
        if (!options.Ssl) return stream;
        var secure = new SslStream(stream);
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = options.SslHost ?? host }, cancellation);
        return secure;
    }

    private static async Task<Reading> AnswerAsync(Stream stream, CancellationToken cancellation)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII);
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith('-')) return Refusal(line[1..]);
            // Whatever it was has passed, and the next look tells.
            if (line == "+PONG") return Reading.Unreachable("Redis answers, and the connection did not come about.");
            if (line is not ("+OK" or "$8" or Hello)) return Stranger();
        }

        return Reading.Unreachable("What listens there closes the connection.");
    }

    // Words of the server that begin its errors; what follows may quote the command.
    private static Reading Refusal(string error)
    {
        if (Says("NOAUTH") || Says("WRONGPASS")) return Reading.Unauthorized("Redis refuses the credential (NOAUTH or WRONGPASS). Fix: user and password in the connection string.");
        if (Says("NOPERM")) return Reading.Unauthorized("The user may not PING, ECHO or what else a look needs (NOPERM). Fix: ACL SETUSER, as docs/watch.md has it.");
        if (Says("DENIED")) return Reading.Unauthorized("Redis is in protected mode: without a password it talks to its own machine only. Fix: requirepass, or ACL users.");
        if (Says("max number of clients")) return Reading.Unreachable("Redis takes no more clients. Fix: find who leaves connections open (CLIENT LIST), or raise maxclients.");
        return Says("LOADING")
            ? Reading.Seen("Redis loads its data.", [], new Trouble(TroubleKinds.Unhealthy, Severity.High, "Redis loads its data from disk and serves nobody until it is done."))
            : Reading.Unreachable("Redis answers PING with an error.");

        bool Says(string word) => error.Contains(word, StringComparison.Ordinal);
    }

    private static Reading Stranger() => Reading.Unreachable("What answers there does not speak the protocol of Redis.");

    private static byte[] Encode(string[][] commands) => Encoding.UTF8.GetBytes(string.Concat(commands.Select(command =>
        $"*{command.Length}\r\n" + string.Concat(command.Select(word => $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n")))));
}
