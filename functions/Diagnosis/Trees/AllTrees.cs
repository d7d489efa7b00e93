namespace WhatsOps.Diagnosis;

/// <summary>The manual's four trees.</summary>
internal static class AllTrees
{
    public static IReadOnlyList<Tree> All { get; } = [ConnectionTree.Tree, DisconnectionTree.Tree, IsolationTree.Tree, PerformanceTree.Tree];
}
