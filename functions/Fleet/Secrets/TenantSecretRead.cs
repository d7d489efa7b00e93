namespace WhatsOps.Fleet;

/// <summary>What the database knew of one slug.</summary>
/// <param name="ReadAt">Timestamp of the <see cref="TimeProvider"/> from just before the read.</param>
internal sealed record TenantSecretRead(IReadOnlyList<TenantWebhookSecret> Secrets, long ReadAt)
{
    private int _isRenewed;

    /// <summary>True once: the first who finds it old renews it.</summary>
    public bool TakeRenewal() => Interlocked.Exchange(ref _isRenewed, 1) == 0;
}
