using System.Text.Json;

namespace WhatsOps.Watch;

/// <summary>What a broker's management API answered.</summary>
/// <param name="Status">0: nobody answered.</param>
/// <param name="Body">Its object; null: the body is none.</param>
/// <param name="Refusal">Why nobody answered; null: somebody did.</param>
internal sealed record RabbitMqAnswer(int Status, JsonElement? Body, Reading? Refusal)
{
    public bool IsRefused => Status is 401 or 403;

    /// <summary>For the middle of a sentence.</summary>
    public string Words => Refusal is null ? $"The management API answers {Status}." : Refusal.Words;
}
