using WhatsOps.Fleet;

namespace WhatsOps.Diagnosis;

/// <summary>Looks at a tenant once and walks the trees that were asked for (R-136).</summary>
internal sealed class Diagnostician(IFleet fleet, DiagnosisObserver observer)
{
    public const string Every = "all";

    /// <exception cref="ProblemException">400 for a symptom that is none, 404 for an unknown system, 409 for one without tenants.</exception>
    public async Task<DiagnosisReport> DiagnoseAsync(string systemName, string slug, string? symptom, CancellationToken cancellation)
    {
        var trees = AllTrees.All.Where(tree => symptom is null or Every || tree.Symptom == symptom).ToArray();
        if (trees.Length == 0)
            throw new ProblemException(400, $"{symptom} is no symptom.", "$.symptom", $"Use one of {string.Join(", ", AllTrees.All.Select(tree => tree.Symptom))}, {Every}.");
        var system = (await fleet.CurrentAsync(cancellation))?.System(systemName)
            ?? throw new ProblemException(404, $"The fleet has no system {systemName}.", "$.system", "List them: whatsops fleet show.");
        if (system.TenantDirectory is null) throw new ProblemException(409, $"System {systemName} has no tenantDirectory, so its tenants are not known.", "$.system", "Add one to the fleet file.");
        var (view, calls) = await observer.LookAsync(system, slug, cancellation);
        return new(system.Name, slug, view.Instance, view.Gateway?.Name, view.Now, calls, [.. trees.Select(tree => TreeWalk.Walk(tree, view))]);
    }
}
