namespace WhatsOps.Runbooks;

/// <summary>What stands between an instance and being open.</summary>
internal enum InstanceNeed
{
    /// <summary>It is open, and shown to be.</summary>
    Nothing,

    /// <summary>It may open by itself or by a nudge.</summary>
    Time,

    /// <summary>It cannot be seen now: nothing follows from that.</summary>
    Sight,

    /// <summary>WhatsApp ended the session (401, 402, 403, 406): a person must scan.</summary>
    Pairing,

    /// <summary>There is no such instance.</summary>
    Creation,
}
