namespace WhatsOps.Fleet;

/// <summary>How bad a kind of finding counts when it is told. The finding itself keeps the severity that its check gave it.</summary>
public sealed record SeverityOverride
{
    public required string Kind { get; init; }

    /// <summary>Null: every system.</summary>
    public string? System { get; init; }

    public required Severity Severity { get; init; }
}
