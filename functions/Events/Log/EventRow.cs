namespace WhatsOps.Events;

/// <summary>One event on its way into the log.</summary>
internal sealed class EventRow
{
    private readonly TaskCompletionSource<StoreOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A time as much as an event's id holds: id and time of a row then tell the same.</summary>
    public static DateTimeOffset Arrival(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMillisecond));

    public required string System { get; init; }

    public required string Tenant { get; init; }

    public required Guid Key { get; init; }

    /// <summary>Arrival, to the millisecond; see <see cref="Arrival"/>.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    public required Guid Id { get; init; }

    public required string Event { get; init; }

    public string? Instance { get; init; }

    public bool IsForeign { get; init; }

    public DateTimeOffset? GatewayTime { get; init; }

    public string? State { get; init; }

    public int? Reason { get; init; }

    public string? Problem { get; init; }

    public int Size { get; init; }

    public IReadOnlyList<long> Phones { get; init; } = [];

    /// <summary>Encrypted; null when only the envelope is kept.</summary>
    public byte[]? Body { get; init; }

    /// <summary>Tells the instance's state, or at least that it lives.</summary>
    public bool IsSighting { get; init; }

    public bool IsQrCode { get; init; }

    /// <summary>To be delivered to the product: written in the same transaction.</summary>
    public bool IsOwed { get; init; }

    /// <summary>As it came, when it is another than application/json.</summary>
    public string? ContentType { get; init; }

    /// <summary>The id that WhatsApp gave the message; null for what is no message.</summary>
    public string? MessageId { get; init; }

    /// <summary>Read from the gateway's store afterwards, not sent by it.</summary>
    public bool IsBackfill { get; init; }

    /// <summary>The request's span as a traceparent; null when it is not traced.</summary>
    public string? Trace { get; init; }

    public Task<StoreOutcome> Outcome => _outcome.Task;

    public void Settle(StoreOutcome outcome) => _outcome.TrySetResult(outcome);

    /// <summary>The order in which every process locks keys, so that two of them cannot deadlock.</summary>
    public static int CompareKeys(EventRow left, EventRow right)
    {
        var order = string.CompareOrdinal(left.System, right.System);
        if (order == 0) order = string.CompareOrdinal(left.Tenant, right.Tenant);
        return order != 0 ? order : left.Key.CompareTo(right.Key);
    }

    public bool HasKeyOf(EventRow other) => CompareKeys(this, other) == 0;
}
