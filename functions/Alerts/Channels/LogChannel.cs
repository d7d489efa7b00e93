using Microsoft.Extensions.Logging;

namespace WhatsOps.Alerts;

/// <summary>Alerts in the log (R-113).</summary>
internal sealed class LogChannel(ILogger<LogChannel> log) : IAlertChannel
{
    public string Kind => "log";

    public TimeSpan Pause => TimeSpan.Zero;

    public bool CarriesLinks => false;

    public Task<DeliveryResult> SendAsync(AlertDelivery delivery, CancellationToken cancellation)
    {
        var message = delivery.Message;
        var level = message.Severity switch { "critical" => LogLevel.Critical, "warning" => LogLevel.Warning, _ => LogLevel.Information };
        log.Log(level, "ALERT [{Severity}] {Text} {Fields} (alert {Id})", message.Severity, message.Text, Fields(message), delivery.Id);
        return Task.FromResult(DeliveryResult.Delivered);
    }

    private static string Fields(AlertMessage message) =>
        string.Join(" | ", message.Fields.Select(field => $"{field.Title}: {field.Value.ReplaceLineEndings("; ")}"));
}
