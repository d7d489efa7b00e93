namespace WhatsOps.Backups;

/// <summary>What retention thinks of a set.</summary>
/// <param name="Reason">Why it is kept; null: its time is over.</param>
internal sealed record RetentionVerdict(Guid Id, DateTimeOffset RequestedAt, long Bytes, string? Reason)
{
    public bool IsOver => Reason is null;
}
