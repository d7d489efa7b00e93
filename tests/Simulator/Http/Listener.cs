using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace WhatsOps.Simulator.Http;

/// <summary>A bare Kestrel without routing, so that twenty gateways start in one process in no time.</summary>
internal static class Listener
{
    public static WebApplication Create(string url, RequestDelegate gateway, RequestDelegate control)
    {
        // The control routes need no key: they must not be reachable from outside.
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || !address.IsLoopback)
            throw new ArgumentException($"{url} is no loopback address.", nameof(url));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(url).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The gateway takes bodies up to 136 MB.
            kestrel.Limits.MaxRequestBodySize = 136 * 1024 * 1024;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        app.Run(context => context.Request.Path.StartsWithSegments("/__sim") ? control(context) : gateway(context));
        return app;
    }
}
