namespace WhatsOps.Watch;

/// <summary>How a rule stands with one series.</summary>
internal enum RuleState
{
    /// <summary>There is no sample that is young enough, so nothing is known.</summary>
    NoData,

    /// <summary>The condition does not hold.</summary>
    Quiet,

    /// <summary>It holds, but not long enough yet.</summary>
    Pending,

    /// <summary>It held for as long as the rule wants.</summary>
    Firing,
}
