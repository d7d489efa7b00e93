using System.Text.Json.Nodes;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Up;

/// <summary>Runs a sweep now and shows what it found.</summary>
internal static class FirstSweep
{
    /// <param name="system">Shows what was found in this one only; null: in all.</param>
    public static async Task<IReadOnlyList<FindingView>> RunAsync(ApiClient api, Progress progress, string? system, CancellationToken cancellation)
    {
        progress.Say("Looking at every gateway and every tenant…");
        await Sweeps.RunAsync(api, cancellation);
        var findings = await api.ListAsync<FindingView>(HttpMethod.Get, new Query("api/findings").Add("system", system).ToString(), cancellation);
        progress.Say($"{findings.Count} findings");
        FindingViews.Print(findings);
        return findings;
    }
}
