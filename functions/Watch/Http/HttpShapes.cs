using System.Text.Json;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Reads the body of an HTTP target by its shape. A body of another shape is never healthy, whatever the status.</summary>
internal static class HttpShapes
{
    public static Reading Read(HttpTarget target, int status, byte[] body, DateTimeOffset now)
    {
        if (target.Shape == HttpShape.Prometheus) return status < 300 ? PrometheusText.Read(target, body) : Reading.Unreachable($"It answers {status}.");
        if (target.Shape == HttpShape.NodeExporter) return status < 300 ? NodeExporter.Read(body) : Reading.Unreachable($"It answers {status}.");
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return Strange(status);
            return target.Shape switch
            {
                HttpShape.TaktChatHealth => TaktChatHealth.Read(json.RootElement) ?? Strange(status),
                HttpShape.TaktChatVersion => TaktChatVersion.Read(json.RootElement, now) ?? Strange(status),
                HttpShape.AgentHealth => AgentHealth.Read(json.RootElement) ?? Strange(status),
                HttpShape.AgentWebhook => AgentWebhook.Read(json.RootElement) ?? Strange(status),
                HttpShape.BotHealth => BotHealth.Read(json.RootElement) ?? Strange(status),
                HttpShape.TurboZapHealth => TurboZapHealth.Read(json.RootElement) ?? Strange(status),
                HttpShape.BotStats => BotStats.Read(json.RootElement) ?? Strange(status),
                HttpShape.BotDay => BotDay.Read(json.RootElement) ?? Strange(status),
                _ => Strange(status),
            };
        }
        catch (JsonException)
        {
            return Strange(status);
        }
    }

    private static Reading Strange(int status) => Reading.Unreachable($"It answers {status}, but not in the shape that the fleet file names: something else may answer in its place.");
}
