namespace WhatsOps.Telemetry;

/// <summary>One metric of the meter <c>WhatsOps</c>, as docs/telemetry.md lists it.</summary>
/// <param name="Unit">UCUM, as OpenTelemetry asks: <c>s</c>, or what is counted in braces.</param>
/// <param name="Labels">Attributes, in the order of the columns of its query where it has one.</param>
public sealed record Metric(string Name, MetricKind Kind, string Unit, string Description, params IReadOnlyList<string> Labels);
