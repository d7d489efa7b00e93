using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>A site on loopback: https with a certificate, http beside it.</summary>
internal sealed class TestSite : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2? _certificate;

    private TestSite(WebApplication app, X509Certificate2? certificate) => (_app, _certificate) = (app, certificate);

    public int SecurePort => Port("https");

    public int PlainPort => Port("http");

    /// <summary>Value of Origin in the last request.</summary>
    public string? Origin { get; private set; }

    public static async Task<TestSite> StartAsync(X509Certificate2? certificate, Action<HttpContext> answer, SslProtocols protocols = SslProtocols.None)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            if (certificate is not null) kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate, https => https.SslProtocols = protocols));
        });
        var site = new TestSite(builder.Build(), certificate);
        site._app.Run(context =>
        {
            site.Origin = context.Request.Headers.Origin;
            answer(context);
            return Task.CompletedTask;
        });
        await site._app.StartAsync();
        return site;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(true));
        await _app.DisposeAsync();
        _certificate?.Dispose();
    }

    private int Port(string scheme) => new Uri(_app.Urls.Single(url => url.StartsWith($"{scheme}:", StringComparison.Ordinal))).Port;
}
