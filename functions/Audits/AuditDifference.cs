namespace WhatsOps.Audits;

/// <summary>One field that is not as it should be. Secrets are compared, never shown.</summary>
public sealed record AuditDifference(string Field, string Is, string Should);
