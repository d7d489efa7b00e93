using Microsoft.Extensions.Logging;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>Alerts in the log (R-113).</summary>
internal sealed class LogChannel(ILogger<LogChannel> log) : IAlertChannel
{
    public string Kind => "log";

    public TimeSpan Pause => TimeSpan.Zero;

    public Task<DeliveryResult> SendAsync(AlertRoute route, Guid id, AlertMessage message, CancellationToken cancellation)
    {
        var level = message.Severity switch { "critical" => LogLevel.Critical, "warning" => LogLevel.Warning, _ => LogLevel.Information };
        log.Log(level, "ALERT [{Severity}] {Text} {Fields} (alert {Id})", message.Severity, message.Text, Fields(message), id);
        return Task.FromResult(DeliveryResult.Delivered);
    }

    private static string Fields(AlertMessage message) =>
        string.Join(" | ", message.Fields.Select(field => $"{field.Title}: {field.Value.ReplaceLineEndings("; ")}"));
}
