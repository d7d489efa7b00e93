namespace WhatsOps.Fleet;

/// <summary>Who is told, how often, and how silence is noticed.</summary>
public sealed record AlertSettings
{
    public IReadOnlyList<AlertRoute> Routes { get; init; } = [];

    /// <summary>Minutes before an open finding is told again.</summary>
    public int CooldownMinutes { get; init; } = 60;

    /// <summary>Reference or URL pinged after every complete sweep, so that a dead WhatsOps is noticed from outside.</summary>
    public string? HeartbeatUrl { get; init; }
}
