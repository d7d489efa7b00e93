using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Up;

/// <summary>The other systems: everything that is watched of them, looked at now, and what is wrong with them. Their gateways are in the sweep.</summary>
internal sealed class FirstLook(ApiClient api, Progress progress)
{
    /// <summary>Looks at all targets of these systems, due or not; the clock would do it within half a minute.</summary>
    public static Task LookAsync(ApiClient api, IEnumerable<string> systems, CancellationToken cancellation) => Task.WhenAll(
        systems.Select(name => api.ListAsync<WatchTargetView>(HttpMethod.Post, $"api/watch/{name}", cancellation)));

    /// <param name="looked">The look, which may still be under way.</param>
    public async Task ShowAsync(Task looked, CancellationToken cancellation)
    {
        await looked;
        var targets = await SeenAsync(cancellation);
        progress.Say($"{targets.Count} targets of {OtherSystems.Names.Count} other systems are watched; the sessions of two of them were in the sweep");
        WatchViews.Print(targets);
        var findings = (await api.ListAsync<FindingView>(HttpMethod.Get, "api/findings", cancellation)).Where(finding => finding.System != SimulatedFleet.System).ToList();
        progress.Say($"{findings.Count} findings");
        FindingViews.Print(findings);
        foreach (var (system, kind) in OtherSystems.Expected)
            if (!findings.Any(finding => finding.System == system && finding.Kind == kind)) throw new CliProblem($"{system} is broken, but there is no finding {kind} of it.");
    }

    // The clock may have begun to look at a target a moment before us; then its look counts.
    private async Task<IReadOnlyList<WatchTargetView>> SeenAsync(CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            var targets = await api.ListAsync<WatchTargetView>(HttpMethod.Get, "api/watch", cancellation);
            if (targets.All(target => target.Outcome is not null) || attempt == 50) return targets;
            await Task.Delay(300, cancellation);
        }
    }
}
