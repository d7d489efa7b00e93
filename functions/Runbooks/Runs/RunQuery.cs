namespace WhatsOps.Runbooks;

/// <summary>Which runs to list, newest first; null means any.</summary>
/// <param name="EndedSince">Only those that ended since then.</param>
public sealed record RunQuery(string? System = null, string? Tenant = null, string? Runbook = null, RunState? State = null, bool OpenOnly = false, int Limit = 100, DateTimeOffset? EndedSince = null, string? Instance = null);
