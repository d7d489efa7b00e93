namespace WhatsOps.Watch;

/// <summary>The part of a log that one look read.</summary>
/// <param name="IsCut">There was more than a look reads: what is counted is too low.</param>
internal sealed record LogStretch(TimeSpan Span, bool IsCut);
