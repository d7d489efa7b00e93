using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Integration.Findings;

/// <summary>A finding to play with.</summary>
internal static class Sample
{
    public static ObservedFinding Finding(
        string kind = "instance_missing",
        string check = "instances",
        string system = "revalya",
        string? gateway = "g1",
        string? tenant = "acme",
        Severity severity = Severity.High,
        string? remedy = "reset-integration",
        string cause = "Instance revalya-acme does not exist on gateway g1.") => new(
        kind, check, system, gateway, tenant, tenant is null ? null : $"revalya-{tenant}", severity, cause,
        new Dictionary<string, string> { ["state"] = "absent" }, remedy);
}
