namespace WhatsOps.Fleet;

/// <summary>A threshold over samples. It fires when its condition held for the whole of <see cref="ForMinutes"/>, and is over at <see cref="Clear"/>.</summary>
public sealed record WatchRule
{
    /// <summary>kebab-case; unique among the rules of a system.</summary>
    public required string Name { get; init; }

    /// <summary>The metric, e.g. <c>rabbitmq.queue.messages</c>; docs/watch.md lists them.</summary>
    public required string Metric { get; init; }

    /// <summary>One target, e.g. <c>rabbitmq/broker</c>, or a family, e.g. <c>http/*</c>; null: every target that has the metric.</summary>
    public string? Target { get; init; }

    /// <summary>What is compared.</summary>
    public RuleFunction Function { get; init; } = RuleFunction.Last;

    /// <summary>What of the target, e.g. <c>5xx</c>; null: each subject is judged by itself.</summary>
    public string? Subject { get; init; }

    /// <summary>For <c>ratio</c>: the metrics of the whole, all their subjects together; several are joined by +.</summary>
    public string? Of { get; init; }

    /// <summary>Minutes that <see cref="Function"/> looks back on.</summary>
    public int WindowMinutes { get; init; } = 5;

    /// <summary>Fires above this; exactly one of Above and Below is given.</summary>
    public decimal? Above { get; init; }

    public decimal? Below { get; init; }

    /// <summary>The value at which a firing rule is over, so that one that swings about its threshold does not flap; null: the threshold.</summary>
    public decimal? Clear { get; init; }

    /// <summary>Minutes that the condition must hold without a break; 0: at once.</summary>
    public int ForMinutes { get; init; }

    public Severity Severity { get; init; } = Severity.Medium;

    /// <summary>What it means, one sentence for a person at 3 a.m.; null: metric and threshold speak for themselves.</summary>
    public string? Says { get; init; }

    /// <summary>True: a restart within a maintenance window of the system is planned. Samples of the window do not count, nor what grew across it, nor an uptime that began in it.</summary>
    public bool ExceptInMaintenance { get; init; }

    /// <summary>True switches a built-in rule off.</summary>
    public bool Off { get; init; }
}
