using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace WhatsOps.Telemetry;

/// <summary>Where traces, metrics and logs go. Nothing is set by default, and then nothing is measured for anybody.</summary>
public sealed record TelemetryOptions
{
    private const int MinToken = 16;
    private const int MaxTenants = 1000;

    /// <summary>Application Insights: setting <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c>; null: none.</summary>
    public string? ConnectionString { get; private init; }

    /// <summary>Whether Application Insights wants an identity instead of the connection string's key: it does where local authentication is off.</summary>
    public bool UsesIdentity { get; private init; }

    /// <summary>The client id of a user-assigned identity; null: the host's own.</summary>
    public string? IdentityClientId { get; private init; }

    /// <summary>Whether there is an OTLP collector: setting <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>. The other <c>OTEL_</c> settings are the SDK's own.</summary>
    public bool HasCollector { get; private init; }

    /// <summary>What a scraper must send as Bearer: setting <c>MetricsToken</c>; null keeps <c>/api/metrics</c> closed.</summary>
    public string? MetricsToken { get; private init; }

    /// <summary>Tenants that per-tenant metrics may name: setting <c>MetricsTenants</c>, 0 to 1000, by default 0.</summary>
    public int Tenants { get; private init; }

    /// <summary>Between two readings of the gauges: setting <c>MetricsSeconds</c>, 5 to 300, by default 30.</summary>
    public TimeSpan Interval { get; private init; } = TimeSpan.FromSeconds(30);

    /// <summary>Name of the service: <c>OTEL_SERVICE_NAME</c>, else the name of the Azure app, else <c>whatsops</c>.</summary>
    public string ServiceName { get; private init; } = "whatsops";

    /// <summary>Whether traces and logs have somewhere to go.</summary>
    public bool Exports => ConnectionString is not null || HasCollector;

    public bool IsOff => !Exports && MetricsToken is null;

    /// <exception cref="InvalidOperationException">A setting has a value that it cannot have; names it and the fix.</exception>
    public static TelemetryOptions From(IConfiguration configuration)
    {
        var endpoint = Text("OTEL_EXPORTER_OTLP_ENDPOINT");
        if (endpoint is not null && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            throw Wrong("OTEL_EXPORTER_OTLP_ENDPOINT", "is no http or https URL", "write http://HOST:4317 (grpc), or http://HOST:4318 with OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf");
        var token = Text("MetricsToken");
        if (token is { Length: < MinToken }) throw Wrong("MetricsToken", $"is shorter than {MinToken} characters", "use a random one, for example the output of `openssl rand -hex 32`");

        // The same words as the Azure Functions host reads: Authorization=AAD;ClientId=…
        var authentication = (Text("APPLICATIONINSIGHTS_AUTHENTICATION_STRING") ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var clientId = authentication.FirstOrDefault(part => part.StartsWith("ClientId=", StringComparison.OrdinalIgnoreCase))?["ClientId=".Length..] ?? Text("AZURE_CLIENT_ID");
        return new()
        {
            ConnectionString = Text("APPLICATIONINSIGHTS_CONNECTION_STRING"),
            UsesIdentity = clientId is not null || authentication.Contains("Authorization=AAD", StringComparer.OrdinalIgnoreCase),
            IdentityClientId = clientId,
            HasCollector = endpoint is not null,
            MetricsToken = token,
            Tenants = Number("MetricsTenants", 0, 0, MaxTenants),
            Interval = TimeSpan.FromSeconds(Number("MetricsSeconds", 30, 5, 300)),
            ServiceName = Text("OTEL_SERVICE_NAME") ?? Text("WEBSITE_SITE_NAME") ?? "whatsops",
        };

        string? Text(string name) => string.IsNullOrWhiteSpace(configuration[name]) ? null : configuration[name]!.Trim();

        int Number(string name, int fallback, int least, int most) => Text(name) switch
        {
            null => fallback,
            var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most => number,
            _ => throw Wrong(name, $"is no whole number from {least} to {most}", $"write one, or leave it out for {fallback}"),
        };
    }

    // The value stays out of it: a secret may have been put into the wrong setting.
    private static InvalidOperationException Wrong(string name, string problem, string fix) => new($"Setting {name} {problem}. Fix: {fix}.");

    // A record would print its secrets.
    public override string ToString() => $"telemetry: Application Insights {ConnectionString is not null}, collector {HasCollector}, scrape {MetricsToken is not null}";
}
