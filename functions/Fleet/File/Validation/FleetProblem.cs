namespace WhatsOps.Fleet;

/// <summary>One thing wrong in a fleet file, at its JSON path; never quotes a value that may be a secret.</summary>
public sealed record FleetProblem(string Path, string Problem, string Fix)
{
    public override string ToString() => $"{Path}: {Problem}. Fix: {Fix}";
}
