using WhatsOps.Findings;

namespace WhatsOps.Health;

/// <summary>What came of one part of a system's sweep: a gateway, the product's database, the tables.</summary>
internal sealed record PartResult(
    IReadOnlyList<ServiceReport> Services, IReadOnlyList<TenantReport> Tenants, IReadOnlyList<ObservedFinding> Findings, IReadOnlyList<string> Unfinished, int Calls);
