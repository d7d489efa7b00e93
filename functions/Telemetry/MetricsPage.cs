using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using WhatsOps.Fleet;

namespace WhatsOps.Telemetry;

/// <summary>The metrics as Prometheus reads them. Closed, as if it were not there, unless setting <c>MetricsToken</c> is set.</summary>
public sealed class MetricsPage(IServiceProvider services, TelemetryOptions options)
{
    // The exporter's own middleware, for this one request of a function: no second server, no second port.
    private readonly Lazy<RequestDelegate> _exporter = new(() =>
        new ApplicationBuilder(services).UseOpenTelemetryPrometheusScrapingEndpoint(services.GetRequiredService<MeterProvider>(), _ => true, null, null, null).Build());

    public IActionResult Show(HttpRequest request)
    {
        if (options.MetricsToken is not { } token) return new NotFoundResult();
        if (BearerToken.Matches(request, token)) return new Page(_exporter.Value);
        request.HttpContext.Response.Headers.WWWAuthenticate = "Bearer";
        return new UnauthorizedResult();
    }

    private sealed class Page(RequestDelegate exporter) : IActionResult
    {
        public Task ExecuteResultAsync(ActionContext context) => exporter(context.HttpContext);
    }
}
