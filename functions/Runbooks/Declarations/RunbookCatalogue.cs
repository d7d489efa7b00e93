namespace WhatsOps.Runbooks;

/// <summary>Every declaration this build knows, old versions included.</summary>
public sealed class RunbookCatalogue(IEnumerable<Runbook> runbooks)
{
    private readonly Dictionary<(string, int), Runbook> _all = runbooks.ToDictionary(runbook => (runbook.Name, runbook.Version));

    /// <summary>The newest version of each.</summary>
    public IReadOnlyList<Runbook> Current =>
        [.. _all.Values.GroupBy(runbook => runbook.Name).Select(versions => versions.MaxBy(runbook => runbook.Version)!).OrderBy(runbook => runbook.Name, StringComparer.Ordinal)];

    public Runbook? Find(string name) => Current.FirstOrDefault(runbook => runbook.Name == name);

    /// <exception cref="InvalidOperationException">The version is gone although runs of it live.</exception>
    public Runbook Get(string name, int version) => _all.TryGetValue((name, version), out var runbook)
        ? runbook
        : throw new InvalidOperationException($"Runbook {name} v{version} is not in this build. Fix: deploy a build that still has it until its runs have ended.");
}
