using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Telemetry;
using WhatsOps.Tests.Integration.Embedded;

namespace WhatsOps.Tests.Integration.Telemetry;

public sealed class MetricsPageTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("any-token-that-somebody-tries")]
    public async Task Without_a_token_in_the_settings_there_is_no_such_page(string? token)
    {
        var builder = TestFunctionHost.Builder([typeof(MetricsFunctions)]);
        builder.Services.AddTelemetry(new ConfigurationBuilder().Build());
        await using var host = await TestFunctionHost.StartAsync(builder);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/metrics");
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        using var response = await host.Client.SendAsync(request);
        Assert.Equal((404, ""), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Null(host.Services.GetService<OpenTelemetry.Metrics.MeterProvider>());
        Assert.Null(host.Services.GetService<GaugeReader>());
    }
}
