namespace WhatsOps.Watch;

/// <summary>A target whose turn it is, leased to this process.</summary>
/// <param name="Failures">Looks in a row without an answer, before this one.</param>
internal sealed record WatchedTarget(string System, string Target, int Failures);
