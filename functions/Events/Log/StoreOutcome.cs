namespace WhatsOps.Events;

/// <summary>What became of an event that was handed to the log.</summary>
internal enum StoreOutcome
{
    /// <summary>Committed.</summary>
    Stored,

    /// <summary>Known already: committed earlier, or by a batch mate.</summary>
    Duplicate,

    /// <summary>Too much is waiting; nothing was kept.</summary>
    Overloaded,

    /// <summary>The database is away or slow; nothing is known to be kept.</summary>
    Unavailable,

    /// <summary>The database refuses this very row.</summary>
    Rejected,
}
