namespace WhatsOps.Fleet;

/// <summary>Who is told, in what words, how often, who comes next, and how silence is noticed.</summary>
public sealed record AlertSettings
{
    public IReadOnlyList<AlertRoute> Routes { get; init; } = [];

    /// <summary>Minutes before an open finding is told again.</summary>
    public int CooldownMinutes { get; init; } = 60;

    /// <summary>Language of the messages; a route may have its own.</summary>
    public Language Language { get; init; } = Language.English;

    /// <summary>Severities as these people see them. The most specific one counts: with a system before without.</summary>
    public IReadOnlyList<SeverityOverride> Severities { get; init; } = [];

    /// <summary>Who is told next while nobody acknowledges (R-134…R-139).</summary>
    public Escalation Escalation { get; init; } = new();

    /// <summary>Whom to call outside; stands in critical messages .</summary>
    public IReadOnlyList<SupportContact> Contacts { get; init; } = [];

    /// <summary>Public base of WhatsOps; with it messages carry a link that acknowledges.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>Reference or URL pinged after every complete sweep, so that a dead WhatsOps is noticed from outside.</summary>
    public string? HeartbeatUrl { get; init; }
}
