using System.Text.Json.Nodes;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Up;

/// <summary>Runs a sweep now and shows what it found.</summary>
internal static class FirstSweep
{
    public static async Task<IReadOnlyList<FindingView>> RunAsync(ApiClient api, Progress progress, CancellationToken cancellation)
    {
        progress.Say("Looking at every gateway and every tenant…");
        await api.PostAsync<JsonNode>("api/sweeps", null, cancellation);
        var findings = await api.ListAsync<FindingView>(HttpMethod.Get, "api/findings", cancellation);
        progress.Say($"{findings.Count} findings");
        FindingViews.Print(findings);
        return findings;
    }
}
