namespace WhatsOps.Simulator;

/// <summary>A misbehaviour and what it applies to. Everything left out matches everything.</summary>
public sealed record Fault
{
    public required FaultKind Kind { get; init; }

    /// <summary>HTTP method, or null.</summary>
    public string? Method { get; init; }

    /// <summary>Path without query, where * stands for anything: "/instance/connect/*". For webhook faults: the dotted event.</summary>
    public string? Path { get; init; }

    /// <summary>Exact instance name.</summary>
    public string? Instance { get; init; }

    /// <summary>How many times it strikes; always when null.</summary>
    public int? Count { get; init; }

    /// <summary>How many matching calls pass first.</summary>
    public int Skip { get; init; }

    /// <summary>Chance of striking, 0 to 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>The call is carried out first and only its answer is spoilt: "acted, but nobody knows".</summary>
    public bool AfterActing { get; init; }

    public int Status { get; init; } = 500;

    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(1);

    public int Bytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Whether the call reaches its route.</summary>
    internal bool LetsAct => AfterActing || Kind is FaultKind.Slow or FaultKind.TruncatedJson or FaultKind.Pretend;
}
