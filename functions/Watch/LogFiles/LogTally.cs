namespace WhatsOps.Watch;

/// <summary>How often something was in a log.</summary>
/// <param name="Kind"><c>address</c>, <c>error</c>, or the name of a pattern.</param>
/// <param name="What">A masked address, or the fingerprint of lines.</param>
internal sealed record LogTally(string Kind, string What, int Count);
