namespace WhatsOps.Findings;

/// <summary>One attempt to repair a tenant, a gateway or a system.</summary>
/// <param name="By">Operator, or <c>policy</c>.</param>
/// <param name="State">Of the run, snake_case.</param>
public sealed record AttemptedRemedy(string Runbook, string By, DateTimeOffset At, string State);
