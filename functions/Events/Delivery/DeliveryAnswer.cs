namespace WhatsOps.Events;

/// <summary>What came of one attempt to deliver.</summary>
/// <param name="Status">HTTP status; null when there was no answer.</param>
/// <param name="Error">For people; never an address or a secret. Null when delivered.</param>
/// <param name="RetryAfter">The product's own wish.</param>
internal sealed record DeliveryAnswer(int? Status, string? Error, TimeSpan? RetryAfter = null)
{
    public DeliveryVerdict Verdict => Status switch
    {
        >= 200 and < 300 => DeliveryVerdict.Delivered,
        408 or 425 or 429 or 502 or 503 or 504 => DeliveryVerdict.Unavailable,
        >= 400 and < 500 => DeliveryVerdict.Refused,
        >= 500 => DeliveryVerdict.Failed,
        _ => DeliveryVerdict.Unavailable,
    };
}
