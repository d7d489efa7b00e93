using System.Reflection;
using Azure.Core;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace WhatsOps.Telemetry;

/// <summary>
/// Registers OpenTelemetry: traces, metrics and logs to Application Insights and to an OTLP collector, metrics to a Prometheus that scrapes. With
/// none of them configured nothing of it is registered but a door that answers 404.
/// </summary>
public static class TelemetryServices
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var options = TelemetryOptions.From(configuration);
        services.AddSingleton(options);
        services.AddSingleton<MetricsPage>();
        if (options.IsOff) return services;
        services.AddSingleton<GaugeReader>();
        services.AddHostedService(provider => provider.GetRequiredService<GaugeReader>());

        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService(options.ServiceName, serviceVersion: Version, serviceInstanceId: Environment.MachineName));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(Metrics.MeterName, "System.Runtime");
            if (options.MetricsToken is not null) metrics.AddPrometheusExporter();
        });
        if (!options.Exports) return services;

        services.AddHostedService<ExceptionMask>();
        telemetry.UseFunctionsWorkerDefaults();
        // The scrubber before the exporters: they see a span in the order in which they were added.
        telemetry.WithTracing(traces => traces.AddSource(Traces.SourceName, "System.Net.Http").AddNpgsql().AddProcessor(new SpanScrubber()));
        telemetry.WithLogging(null, logs => logs.IncludeFormattedMessage = true);
        if (options.ConnectionString is { } connection) telemetry.UseAzureMonitorExporter(monitor => Configure(monitor, connection, options));
        if (options.HasCollector) telemetry.UseOtlpExporter();
        return services;
    }

    private static string Version => typeof(TelemetryServices).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static void Configure(AzureMonitorExporterOptions monitor, string connection, TelemetryOptions options)
    {
        monitor.ConnectionString = connection;
        if (options.UsesIdentity) monitor.Credential = Identity(options.IdentityClientId);
        // It polls every few seconds for somebody who watches.
        monitor.EnableLiveMetrics = false;
        // A warning counts, whether or not the trace it stands in was sampled.
        monitor.EnableTraceBasedLogsSampler = false;
    }

    private static TokenCredential Identity(string? clientId) =>
        clientId is null ? new DefaultAzureCredential() : new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = clientId });
}
