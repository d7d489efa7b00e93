using System.Text.Json;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>Answers of Prometheus' HTTP API: <c>{status: "success", data}</c>, or <c>{status: "error", errorType, error}</c> with 400, 422 or 503.</summary>
internal static class PrometheusApi
{
    /// <summary>The data of an answer, with the memory it lies in; null: it is none of this API's.</summary>
    public static PrometheusData? Read(byte[] body)
    {
        try
        {
            var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.Text("status") == "error" && root.Text("errorType") is { } type)
                return new(json, default, $"{JsonReading.Plain(type)}: {JsonReading.Plain(root.Text("error"))}");
            if (root.ValueKind == JsonValueKind.Object && root.Text("status") == "success" && root.At("data") is { ValueKind: JsonValueKind.Object } data) return new(json, data, null);
            json.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
