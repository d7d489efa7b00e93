namespace WhatsOps.Runbooks;

/// <summary>What was seen of an instance that should be open.</summary>
/// <param name="Detail">One sentence: what was seen.</param>
internal sealed record InstanceLook(InstanceNeed Need, string Detail)
{
    /// <summary>Closed, though not for good: it does not open by itself, and a restart does not reach it.</summary>
    public bool IsClosed { get; init; }

    /// <summary>The same with what to do about it.</summary>
    public string Advice => Need switch
    {
        InstanceNeed.Pairing => $"{Detail} Only pairing again helps: run reauthenticate.",
        InstanceNeed.Creation => $"{Detail} Run create-instance.",
        _ => Detail,
    };
}
