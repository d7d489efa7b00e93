namespace WhatsOps.Events;

/// <summary>What an attempt says about the event and about the product.</summary>
internal enum DeliveryVerdict
{
    /// <summary>2xx.</summary>
    Delivered,

    /// <summary>A 4xx about this very event (410 too); repeated a few times only.</summary>
    Refused,

    /// <summary>The product answered that it failed (5xx but 502, 503, 504): perhaps over this event, perhaps over all.</summary>
    Failed,

    /// <summary>No answer, a redirect, 408, 425, 429, 502, 503 or 504: nothing is said about the event.</summary>
    Unavailable,
}
