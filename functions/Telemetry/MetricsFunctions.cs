using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace WhatsOps.Telemetry;

/// <summary>Where Prometheus scrapes. Anonymous to the host: Prometheus sends a Bearer token, no function key.</summary>
public sealed class MetricsFunctions(MetricsPage page)
{
    [Function("Metrics")]
    public IActionResult Scrape([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "metrics")] HttpRequest request) => page.Show(request);
}
