using System.Text.Json;

namespace WhatsOps.Watch;

/// <summary>What Prometheus answered.</summary>
/// <param name="Refusal">Why it does not evaluate what it was asked, in its own words without signs; null: it did.</param>
internal sealed record PrometheusData(JsonDocument Json, JsonElement Data, string? Refusal) : IDisposable
{
    public void Dispose() => Json.Dispose();
}
