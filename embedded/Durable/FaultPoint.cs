namespace WhatsOps.Embedded.Durable;

/// <summary>The moments between two durable facts.</summary>
internal enum FaultPoint
{
    BeforeCommit,

    /// <summary>The database has it, nobody in memory knows it yet.</summary>
    AfterCommit,

    BeforeActivity,

    /// <summary>The activity has done its work, its result is not recorded.</summary>
    AfterActivity,
}
