using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace WhatsOps.Watch;

/// <summary>One GET over a connection of its own, with what each of its steps took and showed. Redirects are not followed.</summary>
internal sealed class SiteVisit
{
    private readonly List<Measure> _measures = [];
    private long _began;

    public IReadOnlyList<IPAddress> Addresses { get; private set; } = [];

    public SiteCertificate? Certificate { get; private set; }

    public SslProtocols Protocol { get; private set; }

    /// <summary>Status and headers; null: there was no answer, and <see cref="Problem"/> says why.</summary>
    public HttpResponseMessage? Answer { get; private set; }

    /// <summary>One sentence.</summary>
    public string? Problem { get; private set; }

    public IReadOnlyList<Measure> Measures => _measures;

    /// <param name="origin">Of a page from which a browser would ask; null: none.</param>
    /// <param name="takesCompressed">As every browser does.</param>
    /// <param name="patience">For all of it.</param>
    public static async Task<SiteVisit> MakeAsync(Uri address, string? origin, bool takesCompressed, WatchNetwork network, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        var visit = new SiteVisit { Problem = $"The name {address.IdnHost} is not resolved. Next: nslookup {address.IdnHost}.", _began = time.GetTimestamp() };
        using var late = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        using var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null,
            // A stream that is secured already is taken as it is.
            ConnectCallback = async (_, token) => await visit.ConnectAsync(address, network, time, token),
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("User-Agent", "WhatsOps");
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        if (takesCompressed) request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, br");
        if (origin is not null) request.Headers.TryAddWithoutValidation("Origin", origin);
        try
        {
            visit.Answer = await client.SendAsync(request, both.Token);
            visit.Took("site.first_byte.seconds", time);
            visit.Problem = null;
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or SocketException or AuthenticationException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            if (problem is OperationCanceledException) visit.Problem += $" It did not answer within {patience.TotalSeconds:0} s.";
        }

        // Its body is of no interest: let go of the connection, keep status and headers.
        visit.Answer?.Content.Dispose();
        return visit;
    }

    private async Task<Stream> ConnectAsync(Uri address, WatchNetwork network, TimeProvider time, CancellationToken cancellation)
    {
        var addresses = await network.ResolveAsync(address.IdnHost, cancellation);
        Took("site.dns.seconds", time);
        if (addresses.Length == 0) throw new HttpRequestException("No address.");
        Addresses = addresses;

        Problem = $"{address.IdnHost} takes no connection at port {address.Port}.";
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(addresses, address.Port, cancellation);
            Took("site.connect.seconds", time);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (address.Scheme == Uri.UriSchemeHttps) stream = await SecureAsync(address, stream, network, time, cancellation);
            Problem = $"{address.IdnHost} takes the connection at port {address.Port}, but gives no HTTP answer.";
            return stream;
        }
        catch
        {
            if (stream is not null) await stream.DisposeAsync();
            socket.Dispose();
            throw;
        }
    }

    private async Task<Stream> SecureAsync(Uri address, Stream plain, WatchNetwork network, TimeProvider time, CancellationToken cancellation)
    {
        Problem = $"{address.IdnHost} takes the connection at port {address.Port}, but no TLS handshake: it speaks no TLS there, or none from version 1.2 on. Next: openssl s_client -connect {address.IdnHost}:{address.Port} -servername {address.IdnHost}.";
        var secure = new SslStream(plain);
        try
        {
#pragma warning disable CA5359 // It judges and records; a certificate that is refused here would hide its other faults, and no secret is sent.
            await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = address.IdnHost, RemoteCertificateValidationCallback = Record }, cancellation);
#pragma warning restore CA5359
            Took("site.tls.seconds", time);
            Protocol = secure.SslProtocol;
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }

        // What is wrong becomes a finding each; to refuse here would hide all but the first.
        bool Record(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            if (certificate is X509Certificate2 shown) Certificate = SiteCertificate.Judge(shown, chain?.ChainPolicy.ExtraStore ?? [], errors, network.Anchors, time.GetUtcNow());
            return true;
        }
    }

    private void Took(string metric, TimeProvider time)
    {
        var now = time.GetTimestamp();
        _measures.Add(new(metric, time.GetElapsedTime(_began, now).TotalSeconds));
        _began = now;
    }
}
