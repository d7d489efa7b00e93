namespace WhatsOps.Health;

/// <summary>Why one instance gets a direct look, most pressing first: the order in which looks are spent when there are too many.</summary>
internal enum Suspicion
{
    /// <summary>The list lacks it.</summary>
    Missing,

    /// <summary>The list says open, our last event or look said otherwise. The list is a database copy and may lie.</summary>
    Contradicted,

    /// <summary>Another state than the last known.</summary>
    Changed,

    /// <summary>The list says connecting, where the copy is most often stale.</summary>
    Connecting,

    /// <summary>Open, but silent for longer than its recent traffic makes likely.</summary>
    Silent,

    /// <summary>Never seen before.</summary>
    New,
}
