using System.Net;
using System.Text;
using MimeKit;

namespace WhatsOps.Alerts;

/// <summary>An alert as an e-mail: plain text and HTML, the same words in both.</summary>
internal static class EmailMessage
{
    private const int MaxSubjectChars = 200;

    public static MimeMessage Of(AlertDelivery delivery)
    {
        var (route, message) = (delivery.Route, delivery.Message);
        var mail = new MimeMessage();
        mail.From.Add(MailboxAddress.Parse(route.From!));
        mail.To.AddRange(route.To.Select(MailboxAddress.Parse));
        mail.Subject = Subject(message);
        mail.Date = message.Timestamp;
        // The same at every attempt: mailboxes keep one of two.
        mail.MessageId = $"{delivery.Id}@whatsops";
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        mail.Headers.Add("X-WhatsOps-Severity", message.Severity);
        if (message.Severity == "critical") mail.Priority = MessagePriority.Urgent;
        mail.Body = new BodyBuilder { TextBody = Text(delivery), HtmlBody = Html(delivery) }.ToMessageBody();
        return mail;
    }

    private static string Subject(AlertMessage message)
    {
        var subject = $"{message.Severity.ToUpperInvariant()}: WhatsApp Integration Alert – {message.System}: {message.Title}";
        subject = string.Concat(subject.Select(letter => char.IsControl(letter) ? ' ' : letter));
        return subject.Length > MaxSubjectChars ? $"{subject[..(MaxSubjectChars - 1)]}…" : subject;
    }

    private static string Text(AlertDelivery delivery)
    {
        var message = delivery.Message;
        var text = new StringBuilder().Append(message.Text).Append("\n\n");
        foreach (var field in message.Fields) text.Append(field.Title).Append(field.Value.Contains('\n', StringComparison.Ordinal) ? ":\n" : ": ").Append(field.Value).Append("\n\n");
        if (message.AcknowledgeUrl is { } url) text.Append(AlertTexts.In(message.Language).Acknowledge).Append(": ").Append(url).Append("\n\n");
        return text.Append("WhatsOps alert ").Append(delivery.Id).Append('\n').ToString().ReplaceLineEndings("\r\n");
    }

    private static string Html(AlertDelivery delivery)
    {
        var message = delivery.Message;
        var texts = AlertTexts.In(message.Language);
        var color = message.Severity switch { "critical" => "#b3261e", "warning" => "#a66a00", _ => "#2e7d32" };
        var html = new StringBuilder($"<!doctype html><html lang=\"{texts.Html}\"><body style=\"font-family:sans-serif\">");
        html.Append($"<h2 style=\"color:{color}\">{Encoded(message.Text)}</h2><table cellpadding=\"6\" style=\"border-collapse:collapse\">");
        foreach (var field in message.Fields)
            html.Append($"<tr><th align=\"left\" valign=\"top\">{Encoded(field.Title)}</th><td>{Encoded(field.Value).Replace("\n", "<br>", StringComparison.Ordinal)}</td></tr>");
        html.Append("</table>");
        if (message.AcknowledgeUrl is { } url) html.Append($"<p><a href=\"{Encoded(url)}\">{Encoded(texts.Acknowledge)}</a></p>");
        return html.Append($"<p style=\"color:#777\">WhatsOps alert {delivery.Id}</p></body></html>").ToString();
    }

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
