namespace WhatsOps.Reports;

/// <summary>How often something was counted.</summary>
public sealed record CountOf(string Name, long Count);
