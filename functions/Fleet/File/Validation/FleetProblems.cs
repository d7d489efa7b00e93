namespace WhatsOps.Fleet;

/// <summary>Collects problems; where the shape is wrong already, the rules' opinion of the stand-in value is not asked.</summary>
internal sealed class FleetProblems
{
    private readonly List<FleetProblem> _all = [];
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);

    public IReadOnlyList<FleetProblem> All => _all;

    public void Add(string path, string problem, string fix)
    {
        if (!_broken.Contains(path)) _all.Add(new FleetProblem(path, problem, fix));
    }

    /// <summary>The same, and silences every rule about this path.</summary>
    public void AddBroken(string path, string problem, string fix)
    {
        Add(path, problem, fix);
        _broken.Add(path);
    }
}
