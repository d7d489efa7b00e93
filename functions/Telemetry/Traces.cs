using System.Diagnostics;

namespace WhatsOps.Telemetry;

/// <summary>
/// Spans of WhatsOps' own source. A trace crosses the durable boundaries (event, finding, run) as a W3C <c>traceparent</c> in the row, so a
/// webhook and the gateway call that repairs what it told of share one trace. Without a listener nothing here allocates.
/// </summary>
public static class Traces
{
    /// <summary>Name of the source, for whoever configures an exporter.</summary>
    public const string SourceName = "WhatsOps";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Whether anybody listens. Ask before making anything that only a span needs.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <summary>The running span as a traceparent; null when nobody listens or the sampler left it out: what is not recorded is no origin.</summary>
    public static string? Current => IsOn ? Id(Activity.Current) : null;

    /// <summary>A span's traceparent; null for none and for one that is not recorded.</summary>
    public static string? Id(Activity? span) => span is { Recorded: true, IdFormat: ActivityIdFormat.W3C } ? span.Id : null;

    /// <summary>The trace id within a traceparent (<c>00-{trace}-{span}-{flags}</c>).</summary>
    public static string? IdOf(string? traceparent) => traceparent?.Split('-') is [_, { Length: 32 } trace, _, _] ? trace : null;

    /// <summary>Keeps a span from being exported, because nothing came of it.</summary>
    public static void LeaveOut(Activity? span)
    {
        if (span is not null) span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }

    /// <summary>Begins a span named <c>kind name</c>, e.g. <c>gateway restart</c>; null when nobody listens.</summary>
    /// <param name="origin">
    /// The traceparent of what caused it, maybe hours ago in another process: its parent. The span that runs now is linked then. Null: a child of
    /// the span that runs now.
    /// </param>
    public static Activity? Start(string kind, string name, ActivityKind role = ActivityKind.Internal, string? origin = null)
    {
        if (!IsOn) return null;
        if (!ActivityContext.TryParse(origin, null, isRemote: true, out var cause)) return Source.StartActivity($"{kind} {name}", role);
        ActivityLink[] links = Activity.Current is { Recorded: true } current && current.TraceId != cause.TraceId ? [new(current.Context)] : [];
        return Source.StartActivity($"{kind} {name}", role, cause, links: links);
    }
}
