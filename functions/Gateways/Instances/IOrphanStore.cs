namespace WhatsOps.Gateways;

/// <summary>Remembers since when which instances have been orphans. Written by whoever looks at a whole gateway, read by the clean-up.</summary>
public interface IOrphanStore
{
    /// <summary>
    /// Records a complete look at one gateway: the orphans it saw stay or begin, every other one of that gateway is forgotten, because an
    /// instance that is a tenant's again begins a new quarantine when it is orphaned again. Never call it after a look that was not complete.
    /// </summary>
    Task RecordAsync(string system, string gateway, IReadOnlyCollection<string> orphans, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>The orphans of one gateway, longest known first.</summary>
    Task<IReadOnlyList<OrphanSighting>> ListAsync(string system, string gateway, CancellationToken cancellation);

    /// <summary>Notes that an orphan was silenced; the first time counts. Nothing happens when it is not known.</summary>
    Task QuarantineAsync(string system, string gateway, string instance, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>Forgets an orphan that is gone.</summary>
    Task ForgetAsync(string system, string gateway, string instance, CancellationToken cancellation);
}
