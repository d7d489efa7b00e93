namespace WhatsOps.Diagnosis;

/// <summary>The manuals' trees.</summary>
internal static class AllTrees
{
    public static IReadOnlyList<Tree> All { get; } = [ConnectionTree.Tree, DisconnectionTree.Tree, IsolationTree.Tree, PerformanceTree.Tree, SendingTree.Tree, LatencyTree.Tree, MemoryTree.Tree];
}
