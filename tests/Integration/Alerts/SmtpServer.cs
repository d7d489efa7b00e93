using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WhatsOps.Tests.Integration.Alerts;

/// <summary>A mail server on loopback, good enough to be talked to and to be difficult: logins, STARTTLS, refusals, silence.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;

    public SmtpServer()
    {
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Null: STARTTLS is not offered.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>TLS from the first byte.</summary>
    public bool ImplicitTls { get; set; }

    /// <summary>Null: no login is asked for.</summary>
    public (string User, string Password)? Login { get; set; }

    public string Greeting { get; set; } = "220 mail.test ESMTP";

    /// <summary>Says nothing at all.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Answers to a command that begins with the key, instead of the usual ones.</summary>
    public ConcurrentDictionary<string, string> Refusals { get; } = new();

    public ConcurrentQueue<ReceivedMail> Mails { get; } = new();

    /// <summary>What clients said, in order; a <c>(tls)</c> before it says that nobody on the wire could read it.</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>A certificate that nobody trusts unless told to.</summary>
    public static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Nobody listens any more.</summary>
    public void Leave() => listener.Stop();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
        Certificate?.Dispose();
    }

    private async Task AcceptAsync()
    {
        var conversations = new List<Task>();
        try
        {
            while (true) conversations.Add(ConverseAsync(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(conversations);
        }
    }

    private async Task ConverseAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            Stream stream = client.GetStream();
            if (IsSilent) await Task.Delay(Timeout.Infinite, stop.Token);
            if (ImplicitTls) stream = await ProtectAsync(stream);
            await new Conversation(this, stream, ImplicitTls).RunAsync(stop.Token);
        }
        catch (Exception end) when (end is IOException or SocketException or OperationCanceledException or AuthenticationException)
        {
            // The client has left, or the test is over.
        }
    }

    private async Task<Stream> ProtectAsync(Stream plain)
    {
        var tls = new SslStream(plain);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, stop.Token);
        return tls;
    }

    private sealed class Conversation(SmtpServer server, Stream first, bool startsProtected)
    {
        private Stream stream = first;
        private bool isProtected = startsProtected;
        private string from = "";
        private readonly List<string> to = [];

        public async Task RunAsync(CancellationToken cancellation)
        {
            await SayAsync(server.Greeting, cancellation);
            while (await LineAsync(cancellation) is { } line)
            {
                server.Commands.Enqueue((isProtected ? "(tls)" : "") + line);
                if (server.Refusals.FirstOrDefault(refusal => line.StartsWith(refusal.Key, StringComparison.OrdinalIgnoreCase)).Value is { } refused) await SayAsync(refused, cancellation);
                else if (!await AnswerAsync(line, cancellation)) return;
            }
        }

        private async Task<bool> AnswerAsync(string line, CancellationToken cancellation)
        {
            var verb = line.Split(' ')[0].ToUpperInvariant();
            switch (verb)
            {
                case "EHLO":
                    await SayAsync(string.Join("\r\n", Capabilities()), cancellation);
                    break;
                case "STARTTLS":
                    await SayAsync("220 go ahead", cancellation);
                    stream = await server.ProtectAsync(stream);
                    isProtected = true;
                    break;
                case "AUTH":
                    await SayAsync(IsRight(line) ? "235 welcome" : "535 5.7.8 who are you", cancellation);
                    break;
                case "MAIL":
                    from = Address(line);
                    await SayAsync("250 ok", cancellation);
                    break;
                case "RCPT":
                    to.Add(Address(line));
                    await SayAsync("250 ok", cancellation);
                    break;
                case "DATA":
                    await SayAsync("354 go on", cancellation);
                    server.Mails.Enqueue(new(from, [.. to], await DataAsync(cancellation)));
                    await SayAsync("250 stored", cancellation);
                    break;
                case "QUIT":
                    await SayAsync("221 bye", cancellation);
                    return false;
                default:
                    await SayAsync("250 ok", cancellation);
                    break;
            }

            return true;
        }

        private IEnumerable<string> Capabilities()
        {
            yield return "250-mail.test";
            if (server.Certificate is not null && !isProtected) yield return "250-STARTTLS";
            if (server.Login is not null) yield return "250-AUTH PLAIN";
            yield return "250 8BITMIME";
        }

        private bool IsRight(string line) =>
            server.Login is { } login && line == $"AUTH PLAIN {Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{login.User}\0{login.Password}"))}";

        private static string Address(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];

        private async Task<string> DataAsync(CancellationToken cancellation)
        {
            var data = new StringBuilder();
            while (await LineAsync(cancellation) is { } line && line != ".") data.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
            return data.ToString();
        }

        // Byte by byte: what comes after STARTTLS must not be read ahead of it.
        private async Task<string?> LineAsync(CancellationToken cancellation)
        {
            var line = new List<byte>();
            var one = new byte[1];
            while (await stream.ReadAsync(one, cancellation) == 1)
            {
                if (one[0] == '\n') return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
                line.Add(one[0]);
            }

            return null;
        }

        private Task SayAsync(string text, CancellationToken cancellation) => stream.WriteAsync(Encoding.UTF8.GetBytes(text + "\r\n"), cancellation).AsTask();
    }
}
