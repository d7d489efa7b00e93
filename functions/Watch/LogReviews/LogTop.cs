namespace WhatsOps.Watch;

/// <summary>Something of a log with its number.</summary>
/// <param name="Kind"><c>address</c>, <c>error</c>, or the name of a pattern.</param>
/// <param name="What">A masked address, or the fingerprint of lines.</param>
public sealed record LogTop(string Kind, string What, long Count, DateTimeOffset LastAt);
