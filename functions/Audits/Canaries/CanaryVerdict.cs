namespace WhatsOps.Audits;

/// <summary>What a canary told of its instance.</summary>
internal enum CanaryVerdict
{
    /// <summary>The message's echo came: the session and the way of its events work.</summary>
    Alive,

    /// <summary>Open, and does not send.</summary>
    Zombie,

    /// <summary>Nothing follows from it.</summary>
    Inconclusive,
}
