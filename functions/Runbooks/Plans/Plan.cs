using System.Security.Cryptography;
using System.Text.Json;

namespace WhatsOps.Runbooks;

/// <summary>What a run would do, shown before it does anything; frozen in the run, and what an approval is bound to.</summary>
public sealed record Plan(string Runbook, int Version, RunTarget Target, bool Destructive, string? PointOfNoReturn, IReadOnlyList<PlanStep> Steps)
{
    /// <summary>SHA-256 over the whole plan, hex.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web)));
}
