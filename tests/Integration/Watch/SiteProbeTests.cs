using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Simulator;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Tests.Shared;
using WhatsOps.Cli.Local;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>Looks at real sites on loopback, whose certificates an authority of the test signed.</summary>
public sealed class SiteProbeTests : IDisposable
{
    private readonly TestAuthority authority = new(DateTimeOffset.UtcNow);

    public void Dispose() => authority.Dispose();

    [Theory]
    [Capability("R-382"), Capability("R-397")]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    [Source("sites", SourceState.Present, "none")]
    public async Task One_that_is_well_has_its_times_and_no_trouble(SslProtocols protocol)
    {
        await using var site = await TestSite.StartAsync(authority.Issue("localhost", TimeSpan.FromDays(90)), Good, protocol);

        var reading = await ReadAsync(site, target => target with { SecurityHeaders = true, ClosedToOrigins = true, Addresses = ["127.0.0.1"] });

        Assert.Equal((Outcome.Seen, $"It answers 200 over {protocol}."), (reading.Outcome, reading.Words));
        Assert.Empty(reading.Troubles);
        Assert.Equal(
            ["site.certificate.days", "site.connect.seconds", "site.dns.seconds", "site.first_byte.seconds", "site.status.code", "site.tls.seconds"],
            reading.Measures.Select(measure => measure.Metric).Order(StringComparer.Ordinal));
        Assert.All(reading.Measures.Where(measure => measure.Metric.EndsWith(".seconds", StringComparison.Ordinal)), measure => Assert.InRange(measure.Value, 0, 15));
        Assert.True(reading.Measures.Single(measure => measure.Metric == "site.tls.seconds").Value > 0);
        Assert.Equal(SiteHeaders.ForeignOrigin, site.Origin);
    }

    [Theory]
    [Capability("R-019"), Capability("R-361")]
    [InlineData(22, null)]
    [InlineData(21.05, null)]
    [InlineData(20.95, Severity.Medium)]
    [InlineData(4.25, Severity.Medium)]
    [InlineData(4.15, Severity.Critical)]
    [InlineData(-1, Severity.Critical)]
    public async Task The_days_of_a_certificate_are_counted(double days, Severity? expected)
    {
        await using var site = await TestSite.StartAsync(authority.Issue("localhost", TimeSpan.FromDays(days)), Good);

        var reading = await ReadAsync(site);

        Assert.Equal(Outcome.Seen, reading.Outcome);
        Assert.Equal(days, reading.Measures.Single(measure => measure.Metric == "site.certificate.days").Value, 0.01);
        Assert.Equal(expected is { } severity ? [("certificate", severity)] : [], reading.Troubles.Select(trouble => (trouble.Subject, trouble.Severity)));
        if (days < 0) Assert.Contains("is expired since", reading.Troubles[0].Cause, StringComparison.Ordinal);
    }

    [Fact]
    [Capability("R-382")]
    [Source("sites", SourceState.Lying, "target_unhealthy")]
    public async Task What_is_wrong_with_a_certificate_is_told_as_what_it_is()
    {
        await using var other = await TestSite.StartAsync(authority.Issue("other.example", TimeSpan.FromDays(90)), Good);
        Assert.Equal(["certificate name"], Subjects(await ReadAsync(other)));

        await using var self = await TestSite.StartAsync(authority.SelfSigned("localhost"), Good);
        var trouble = Assert.Single((await ReadAsync(self)).Troubles);
        Assert.Equal(("certificate chain", TroubleKinds.Unhealthy, Severity.High), (trouble.Subject, trouble.Kind, trouble.Severity));
        Assert.Contains("signed by itself", trouble.Cause, StringComparison.Ordinal);

        // An authority that nobody here knows.
        using var stranger = new TestAuthority(DateTimeOffset.UtcNow, "Stranger");
        await using var unknown = await TestSite.StartAsync(stranger.Issue("localhost", TimeSpan.FromDays(90)), Good);
        trouble = Assert.Single((await ReadAsync(unknown)).Troubles);
        Assert.Equal("certificate chain", trouble.Subject);
        Assert.Contains("issuer is unknown", trouble.Cause, StringComparison.Ordinal);

        // One that calls itself as a trusted one does.
        using var impostor = new TestAuthority(DateTimeOffset.UtcNow);
        await using var forged = await TestSite.StartAsync(impostor.Issue("localhost", TimeSpan.FromDays(90)), Good);
        Assert.Contains("did not sign it", Assert.Single((await ReadAsync(forged)).Troubles).Cause, StringComparison.Ordinal);

        // Wrong in every way at once.
        await using var all = await TestSite.StartAsync(stranger.Issue("other.example", TimeSpan.FromDays(-1)), Good);
        Assert.Equal(["certificate", "certificate chain", "certificate name"], Subjects(await ReadAsync(all)));
    }

    [Fact]
    [Capability("R-379")]
    public async Task Missing_and_wrong_security_headers_are_told_each()
    {
        await using var bare = await TestSite.StartAsync(authority.Issue("localhost", TimeSpan.FromDays(90)), _ => { });
        Assert.Empty((await ReadAsync(bare)).Troubles);
        var reading = await ReadAsync(bare, target => target with { SecurityHeaders = true });
        Assert.Equal(["Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options", "X-Frame-Options", "X-XSS-Protection"], Subjects(reading));
        // Browsers have dropped the last one.
        Assert.All(reading.Troubles, trouble => Assert.Equal(trouble.Subject == "X-XSS-Protection" ? Severity.Info : Severity.Medium, trouble.Severity));
    }

    [Theory]
    [Capability("R-379")]
    [InlineData("X-Frame-Options", "SAMEORIGIN", false)]
    [InlineData("X-Frame-Options", "deny", true)]
    [InlineData("Strict-Transport-Security", "max-age=31535999; includeSubDomains", false)]
    [InlineData("Strict-Transport-Security", "max-age=31536000", false)]
    [InlineData("Strict-Transport-Security", "max-age=31536000; includesubdomains; preload", true)]
    [InlineData("Strict-Transport-Security", "max-age=99999999999999999999; includeSubDomains", false)]
    [InlineData("X-Content-Type-Options", "sniff", false)]
    [InlineData("X-XSS-Protection", "1; mode=block", true)]
    [InlineData("X-XSS-Protection", "1;mode=block", true)]
    [InlineData("X-XSS-Protection", "1", false)]
    [InlineData("X-XSS-Protection", "0", false)]
    public async Task A_security_header_must_say_the_right_thing(string header, string value, bool isRight)
    {
        await using var site = await TestSite.StartAsync(authority.Issue("localhost", TimeSpan.FromDays(90)), context =>
        {
            Good(context);
            context.Response.Headers[header] = value;
        });
        Assert.Equal(isRight ? [] : [header], Subjects(await ReadAsync(site, target => target with { SecurityHeaders = true })));
    }

    [Theory]
    [Capability("R-327")]
    [InlineData("*", null, Severity.High)]
    [InlineData("*", "true", Severity.High)]
    [InlineData(SiteHeaders.ForeignOrigin, null, Severity.High)]
    [InlineData(SiteHeaders.ForeignOrigin, "true", Severity.Critical)]
    [InlineData("https://app.example.com", "true", null)]
    [InlineData("null", null, null)]
    public async Task An_answer_that_any_page_may_read_is_a_finding(string allowed, string? credentials, Severity? expected)
    {
        await using var site = await TestSite.StartAsync(authority.Issue("localhost", TimeSpan.FromDays(90)), context =>
        {
            Good(context);
            context.Response.Headers.AccessControlAllowOrigin = allowed;
            if (credentials is not null) context.Response.Headers.AccessControlAllowCredentials = credentials;
        });
        var troubles = (await ReadAsync(site, target => target with { ClosedToOrigins = true })).Troubles;
        Assert.Equal(expected is { } severity ? [("cors", TroubleKinds.Exposed, severity)] : [], troubles.Select(trouble => (trouble.Subject, trouble.Kind, trouble.Severity)));
        Assert.Empty((await ReadAsync(site)).Troubles);
    }

    [Theory]
    [Capability("R-321")]
    [InlineData(301, "https://localhost/", null)]
    [InlineData(308, "https://www.example.com/", null)]
    [InlineData(301, "http://localhost/elsewhere", TroubleKinds.Misconfigured)]
    [InlineData(302, "/login", TroubleKinds.Misconfigured)]
    [InlineData(404, null, TroubleKinds.Misconfigured)]
    [InlineData(200, null, TroubleKinds.Exposed)]
    public async Task Plain_http_must_lead_to_https(int status, string? location, string? expected)
    {
        await using var site = await TestSite.StartAsync(authority.Issue("localhost", TimeSpan.FromDays(90)), context =>
        {
            if (context.Request.IsHttps) return;
            context.Response.StatusCode = status;
            if (location is not null) context.Response.Headers.Location = location;
        });
        var reading = await ReadAsync(site, network: network => network with { PlainPort = site.PlainPort });
        Assert.Equal(expected is null ? [] : [("redirect", expected)], reading.Troubles.Select(trouble => (trouble.Subject, trouble.Kind)));
        // An address that is http in the fleet file itself.
        var plain = await ReadAsync(site, target => target with { Url = $"http://localhost:{site.PlainPort}/" });
        Assert.Equal(expected is null ? [] : [("redirect", expected)], plain.Troubles.Select(trouble => (trouble.Subject, trouble.Kind)));
    }

    [Fact]
    public async Task A_closed_plain_port_is_as_good_as_a_redirect()
    {
        await using var site = await TestSite.StartAsync(authority.Issue("localhost", TimeSpan.FromDays(90)), Good);
        Assert.Empty((await ReadAsync(site, network: network => network with { PlainPort = FreePort.Next() })).Troubles);
    }

    [Fact]
    [Capability("R-398")]
    [Source("dns", SourceState.Present, "none")]
    [Source("dns", SourceState.Absent, "target_unreachable")]
    [Source("dns", SourceState.Lying, "target_misconfigured")]
    public async Task A_name_must_resolve_to_the_addresses_of_the_fleet_file()
    {
        await using var site = await TestSite.StartAsync(authority.Issue("localhost", TimeSpan.FromDays(90)), Good);
        Assert.Empty((await ReadAsync(site, target => target with { Addresses = ["127.0.0.1"] })).Troubles);
        foreach (var addresses in (string[][])[["127.0.0.2"], ["127.0.0.1", "127.0.0.2"]])
        {
            var trouble = Assert.Single((await ReadAsync(site, target => target with { Addresses = addresses })).Troubles);
            Assert.Equal(("dns", TroubleKinds.Misconfigured, Severity.High), (trouble.Subject, trouble.Kind, trouble.Severity));
        }

        var reading = await ReadAsync(site, network: network => network with { ResolveAsync = (_, _) => throw new SocketException((int)SocketError.HostNotFound) });
        Assert.Equal((Outcome.Unreachable, true), (reading.Outcome, reading.Words.Contains("is not resolved", StringComparison.Ordinal)));
    }

    [Theory]
    [Capability("R-367")]
    [InlineData(200, "gzip", 1, null)]
    [InlineData(200, "br", 1, null)]
    [InlineData(200, null, 0, TroubleKinds.Misconfigured)]
    [InlineData(200, "identity", 0, TroubleKinds.Misconfigured)]
    [InlineData(302, null, null, TroubleKinds.NotObservable)]
    public async Task An_answer_to_a_browser_is_compressed_or_that_is_told(int status, string? encoding, int? measure, string? expected)
    {
        var asked = new List<string>();
        await using var site = await TestSite.StartAsync(authority.Issue("localhost", TimeSpan.FromDays(90)), context =>
        {
            Good(context);
            asked.Add(context.Request.Headers.AcceptEncoding.ToString());
            context.Response.StatusCode = status;
            if (encoding is not null) context.Response.Headers.ContentEncoding = encoding;
        });
        var reading = await ReadAsync(site, target => target with { Compressed = true });
        Assert.Equal(expected is null ? [] : [("compression", expected)], reading.Troubles.Select(trouble => (trouble.Subject, trouble.Kind)));
        Assert.Equal(measure, reading.Measures.Where(one => one.Metric == "site.compressed").Select(one => (int?)one.Value).SingleOrDefault());
        Assert.Empty((await ReadAsync(site)).Troubles);
        Assert.Equal(["gzip, br", ""], asked);
    }

    [Theory]
    [Capability("R-367")]
    [InlineData("/admin", true, 1)]
    [InlineData("/admin", false, 0)]
    [InlineData("/monitoring/health", true, 0)]
    public async Task The_bots_page_is_compressed_by_its_nginx_and_its_JSON_is_not_by_gzip_on_alone(string path, bool isOn, int measure)
    {
        await using var bot = await BotSimulator.StartAsync(new() { Compresses = isOn });
        var reading = await LookAt(new() { Name = "bot", Url = bot.Url + path, Compressed = true }, Network, TimeProvider.System).ReadAsync(default);
        Assert.Equal(measure, reading.Measures.Single(one => one.Metric == "site.compressed").Value);
        Assert.Equal(measure == 0, reading.Troubles.Any(trouble => trouble.Subject == "compression"));
    }

    [Fact]
    public async Task A_server_s_own_trouble_is_told()
    {
        await using var site = await TestSite.StartAsync(authority.Issue("localhost", TimeSpan.FromDays(90)), context => context.Response.StatusCode = 502);
        Assert.Equal([("answer", TroubleKinds.Unhealthy)], (await ReadAsync(site)).Troubles.Select(trouble => (trouble.Subject, trouble.Kind)));
    }

    [Fact]
    [Source("sites", SourceState.Absent, "target_unreachable")]
    public async Task Why_a_site_is_unreachable_is_said()
    {
        await using var site = await TestSite.StartAsync(authority.Issue("localhost", TimeSpan.FromDays(90)), Good);
        await Says("takes no connection", FreePort.Next());
        // Plain HTTP where TLS should be.
        await Says("no TLS handshake", site.PlainPort);

        async Task Says(string words, int port)
        {
            var reading = await ReadAsync(site, target => target with { Url = $"https://localhost:{port}/" });
            Assert.Equal(Outcome.Unreachable, reading.Outcome);
            Assert.Contains(words, reading.Words, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Source("sites", SourceState.Slow, "target_unreachable")]
    public async Task One_that_takes_the_connection_and_says_nothing_is_left()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var time = new FakeTimeProvider();
        var reading = LookAt(new() { Name = "shop", Url = $"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/" }, Network, time).ReadAsync(default);
        using var accepted = await listener.AcceptTcpClientAsync();
        while (!reading.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10);
        }

        Assert.Equal(Outcome.Unreachable, (await reading).Outcome);
        Assert.Contains("did not answer within 9 s", (await reading).Words, StringComparison.Ordinal);
    }

    private WatchNetwork Network => new() { Anchors = authority.Anchors, ResolveAsync = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]) };

    private static void Good(HttpContext context)
    {
        var headers = context.Response.Headers;
        (headers.XFrameOptions, headers.XContentTypeOptions) = ("DENY", "nosniff");
        (headers.StrictTransportSecurity, headers.ContentSecurityPolicy) = ("max-age=31536000; includeSubDomains", "default-src 'self'");
        headers.XXSSProtection = "1; mode=block";
    }

    private static IEnumerable<string> Subjects(Reading reading) => reading.Troubles.Select(trouble => trouble.Subject).Order(StringComparer.Ordinal);

    private Task<Reading> ReadAsync(TestSite site, Func<SiteTarget, SiteTarget>? change = null, Func<WatchNetwork, WatchNetwork>? network = null)
    {
        var target = new SiteTarget { Name = "shop", Url = $"https://localhost:{site.SecurePort}/" };
        return LookAt(change?.Invoke(target) ?? target, network?.Invoke(Network) ?? Network, TimeProvider.System).ReadAsync(default);
    }

    private static Look LookAt(SiteTarget target, WatchNetwork network, TimeProvider time) =>
        new SiteProbe(network, time).LooksAt(new() { Name = "chat", Kind = "taktchat", Watch = new() { Sites = [target] } }).Single();
}
