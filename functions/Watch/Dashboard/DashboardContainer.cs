namespace WhatsOps.Watch;

/// <summary>What a container uses; null: not known.</summary>
/// <param name="CpuPercent">100 is one processor.</param>
/// <param name="CpuLimitPercent">Of what it may have.</param>
/// <param name="MemoryPercent">Of what it may have.</param>
public sealed record DashboardContainer(string Target, double? CpuPercent, double? CpuLimitPercent, double? MemoryBytes, double? MemoryPercent);
