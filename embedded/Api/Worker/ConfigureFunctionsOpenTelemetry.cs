using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Microsoft.Azure.Functions.Worker.OpenTelemetry;

/// <summary>Makes the worker's own spans part of the app's telemetry.</summary>
public static class ConfigureFunctionsOpenTelemetry
{
    public static IOpenTelemetryBuilder UseFunctionsWorkerDefaults(this IOpenTelemetryBuilder builder) =>
        builder.WithTracing(traces => traces.AddSource(WhatsOps.Embedded.Functions.FunctionPipeline.SourceName));
}
