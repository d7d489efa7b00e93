namespace WhatsOps.Fleet;

/// <summary>An Alertmanager that notifies WhatsOps at <c>POST /api/watch/{system}/alertmanager/{name}</c>; its firing alerts are findings .</summary>
public sealed record AlertmanagerTarget : WatchTarget
{
    /// <summary>A reference to what it sends as <c>Authorization: Bearer</c> (its <c>http_config.authorization.credentials</c>).</summary>
    public required string Token { get; init; }

    /// <summary>Name of an alert that always fires, as <c>Watchdog</c> of the usual rules. It is no finding; not to hear of it is one. Null: silence cannot be told from health.</summary>
    public string? Watchdog { get; init; }

    /// <summary>How long the watchdog may be silent: longer than the route's <c>repeat_interval</c>, which is 4 hours unless set. 1 to 10,080.</summary>
    public int WatchdogMinutes { get; init; } = 300;
}
