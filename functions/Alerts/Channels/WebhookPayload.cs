using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>The document that a generic webhook gets .</summary>
/// <param name="Severity"><c>critical</c>, <c>warning</c> or <c>info</c>.</param>
internal sealed record WebhookPayload(string Type, Guid Id, string Severity, DateTimeOffset Timestamp, string Service, WebhookPayload.Content Data)
{
    public const string AlertType = "alert";

    public static WebhookPayload Of(Guid id, AlertMessage message) => new(
        AlertType, id, message.Severity, message.Timestamp, message.Service,
        new(message.System, message.Text, message.Language, message.Note, message.AcknowledgeUrl, message.Findings, message.Fields));

    /// <param name="Note">Why it comes here although it was for another route.</param>
    internal sealed record Content(
        string System, string Text, Language Language, string? Note, string? AcknowledgeUrl, IReadOnlyList<AlertedFinding> Findings, IReadOnlyList<AlertField> Fields);
}
