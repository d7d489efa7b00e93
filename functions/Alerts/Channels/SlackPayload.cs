using System.Text.Json.Serialization;

namespace WhatsOps.Alerts;

/// <summary>Slack's incoming-webhook body, within its limits.</summary>
internal sealed record SlackPayload(string Text, IReadOnlyList<SlackPayload.Attachment> Attachments)
{
    public const int MaxFields = 40;
    public const int MaxFieldChars = 3000;
    private const int MaxTextChars = 300;

    public static SlackPayload Of(Guid id, AlertMessage message) => new(
        Fit(message.Text, MaxTextChars),
        [new(
            message.Severity switch { "critical" => "danger", "warning" => "warning", _ => "good" },
            [.. Fields(message).Take(MaxFields).Select(field => new Field(Fit(field.Title, MaxTextChars), Fit(field.Value, MaxFieldChars), field.IsShort))],
            $"WhatsOps alert {id}")]);

    private static IEnumerable<AlertField> Fields(AlertMessage message) =>
        message.AcknowledgeUrl is { } url ? message.Fields.Append(new(AlertTexts.In(message.Language).Acknowledge, url, false)) : message.Fields;

    // & < > are Slack's own syntax: a tenant named <!channel> must not wake everybody. Cut first, escape after, so that no entity is cut in two.
    private static string Fit(string text, int chars)
    {
        if (text.Length > chars) text = string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[chars - 2]) ? chars - 2 : chars - 1), "…");
        return text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
    }

    internal sealed record Attachment(string Color, IReadOnlyList<Field> Fields, string Footer);

    internal sealed record Field(string Title, string Value, [property: JsonPropertyName("short")] bool IsShort);
}
