namespace WhatsOps.Alerts;

/// <summary>What came of one attempt.</summary>
/// <param name="Error">Null: delivered. Never holds the address.</param>
/// <param name="RetryAfter">The receiver's own wish.</param>
internal sealed record DeliveryResult(string? Error, TimeSpan? RetryAfter = null)
{
    public static DeliveryResult Delivered { get; } = new((string?)null);
}
