namespace WhatsOps.Embedded.Durable;

/// <summary>Something that an orchestrator asked for and whose outcome it may await.</summary>
internal sealed class PendingAction(int id, EventKind kind, string? name, string? target, string? payload, bool recorded)
{
    public int Id { get; } = id;

    public EventKind Kind { get; } = kind;

    public string? Name { get; } = name;

    /// <summary>The child instance, or the receiver of a sent event.</summary>
    public string? Target { get; } = target;

    public string? Payload { get; } = payload;

    /// <summary>Already in the history.</summary>
    public bool Recorded { get; } = recorded;

    /// <summary>When a timer fires.</summary>
    public DateTime FireAt { get; init; }

    public string Version { get; init; } = "";

    public Action<HistoryEvent>? Complete { get; set; }

    /// <summary>The armed timer.</summary>
    public IDisposable? Armed { get; set; }
}
