using Microsoft.Extensions.Configuration;
using WhatsOps.Telemetry;

namespace WhatsOps.Tests.Unit.Telemetry;

public sealed class TelemetryOptionsTests
{
    [Fact]
    public void Nothing_is_on_by_default()
    {
        var options = Read();
        Assert.Equal((true, false, 0, TimeSpan.FromSeconds(30), "whatsops"), (options.IsOff, options.Exports, options.Tenants, options.Interval, options.ServiceName));
    }

    [Fact]
    public void A_token_opens_the_scrape_and_exports_nothing()
    {
        var options = Read(("MetricsToken", "0123456789abcdef"), ("OTEL_SERVICE_NAME", "night-shift"));
        Assert.Equal((false, false, "night-shift"), (options.IsOff, options.Exports, options.ServiceName));
    }

    [Theory]
    [InlineData(null, null, false, null)]
    [InlineData("Authorization=AAD", null, true, null)]
    [InlineData("ClientId=7c0f;Authorization=AAD", null, true, "7c0f")]
    [InlineData(null, "11aa", true, "11aa")]
    [InlineData("Authorization=AAD", "11aa", true, "11aa")]
    public void Application_Insights_is_asked_with_an_identity_where_the_settings_say_so(string? authentication, string? clientId, bool uses, string? expected)
    {
        var options = Read(
            ("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=0"), ("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", authentication), ("AZURE_CLIENT_ID", clientId));
        Assert.Equal((true, uses, expected), (options.Exports, options.UsesIdentity, options.IdentityClientId));
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317")]
    [InlineData("MetricsToken", "short")]
    [InlineData("MetricsTenants", "many")]
    [InlineData("MetricsTenants", "1001")]
    [InlineData("MetricsSeconds", "1")]
    public void A_bad_setting_is_named_with_its_fix_and_without_its_value(string name, string value)
    {
        var problem = Assert.Throws<InvalidOperationException>(() => Read((name, value)));
        Assert.StartsWith($"Setting {name} ", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Fix: ", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain($"'{value}'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_print_no_secret() =>
        Assert.DoesNotContain("secret", Read(("MetricsToken", "a-secret-of-the-scraper"), ("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=secret")).ToString(), StringComparison.Ordinal);

    private static TelemetryOptions Read(params (string Name, string? Value)[] settings) =>
        TelemetryOptions.From(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(pair => pair.Name, pair => pair.Value)).Build());
}
