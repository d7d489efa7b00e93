namespace WhatsOps.Fleet;

/// <summary>What a system stands on besides its gateways. Everything here is only looked at; nothing is changed, and no credential needs more than reading.</summary>
public sealed record WatchOptions
{
    public IReadOnlyList<HttpTarget> Http { get; init; } = [];

    public IReadOnlyList<PostgresTarget> Postgres { get; init; } = [];

    public IReadOnlyList<RedisTarget> Redis { get; init; } = [];

    public IReadOnlyList<RabbitMqTarget> RabbitMq { get; init; } = [];

    public IReadOnlyList<ContainerTarget> Containers { get; init; } = [];

    public IReadOnlyList<LogFileTarget> Logs { get; init; } = [];

    public IReadOnlyList<LogFolderTarget> LogFolders { get; init; } = [];

    public IReadOnlyList<FileTarget> Files { get; init; } = [];

    public IReadOnlyList<EngineTarget> Engines { get; init; } = [];

    public IReadOnlyList<SiteTarget> Sites { get; init; } = [];

    public IReadOnlyList<HostTarget> Hosts { get; init; } = [];

    public IReadOnlyList<GuardTarget> Guards { get; init; } = [];

    public IReadOnlyList<PrometheusTarget> Prometheus { get; init; } = [];

    public IReadOnlyList<AlertmanagerTarget> Alertmanager { get; init; } = [];

    /// <summary>What must be renewed by a day: tokens, passwords, keys of providers.</summary>
    public IReadOnlyList<RenewalTarget> Renewals { get; init; } = [];

    /// <summary>What was released, by GitHub's API.</summary>
    public IReadOnlyList<ReleaseTarget> Releases { get; init; } = [];

    /// <summary>Own rules over samples; one that has the name of a built-in rule replaces it.</summary>
    public IReadOnlyList<WatchRule> Rules { get; init; } = [];
}
