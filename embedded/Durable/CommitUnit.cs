namespace WhatsOps.Embedded.Durable;

/// <summary>Rows that are stored together or not at all; many units share one commit.</summary>
internal sealed class CommitUnit(Orchestration? owner = null)
{
    public List<InstanceStart>? Starts { get; set; }

    public List<InstanceUpdate>? Updates { get; set; }

    public List<(Orchestration Instance, int Generation, HistoryEvent Event)>? History { get; set; }

    public List<DurableCommand>? Commands { get; set; }

    /// <summary>The command row that this unit obeys.</summary>
    public long? ObeyedCommand { get; set; }

    /// <summary>Forget the history of earlier generations.</summary>
    public (string InstanceId, int Generation)? Trim { get; set; }

    /// <summary>Waiters in other processes must look again.</summary>
    public bool Announce { get; set; }

    public Action? Committed { get; set; }

    /// <summary>A caller who waits for durability.</summary>
    public TaskCompletionSource? Caller { get; set; }

    /// <summary>Who fails when the database refuses the content of this very unit.</summary>
    public Orchestration? Owner { get; } = owner;
}
