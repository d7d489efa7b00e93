namespace WhatsOps.Fleet;

/// <summary>One operated product: its gateways, its tenants, and what WhatsOps may do to it.</summary>
public sealed record FleetSystem
{
    /// <summary>Unique, lower-case, in every key and query.</summary>
    public required string Name { get; init; }

    /// <summary><c>evolution</c>, <c>turbozap</c>, <c>taktchat</c>: a fleet of gateways. <c>agent</c>, <c>bot</c>: watched by <see cref="Watch"/>, without gateways.</summary>
    public required string Kind { get; init; }

    /// <summary>IANA time zone of the schedules and maintenance windows.</summary>
    public string TimeZone { get; init; } = "America/Sao_Paulo";

    public IReadOnlyList<GatewayEndpoint> Gateways { get; init; } = [];

    public TenantDirectoryOptions? TenantDirectory { get; init; }

    /// <summary>Instance name of a tenant = prefix + slug, exactly (Revalya: <c>revalya-</c>).</summary>
    public string InstancePrefix { get; init; } = "";

    public WebhookOptions Webhook { get; init; } = new();

    public SystemThresholds Thresholds { get; init; } = new();

    /// <summary>Policy per finding kind; <c>*</c> is the rest. Absent means observe.</summary>
    public IReadOnlyDictionary<string, Policy> Policies { get; init; } = new Dictionary<string, Policy>();

    /// <summary>Runs per hour that policy <c>auto</c> may start in this system.</summary>
    public int ActionsPerHour { get; init; } = 6;

    /// <summary>Five-field cron per routine in <see cref="TimeZone"/>, or <c>off</c>; a routine without an entry has its own default hours.</summary>
    public IReadOnlyDictionary<string, string> Schedules { get; init; } = new Dictionary<string, string>();

    /// <summary>Null: the gateways keep no sessions in Redis, or they are not looked at.</summary>
    public RedisOptions? Redis { get; init; }

    /// <summary>Two own test instances with which the isolation audit tries to break in; null: it does not try.</summary>
    public IsolationTestOptions? IsolationTest { get; init; }

    /// <summary>Null: suspected zombies are only suspected; nothing is ever sent.</summary>
    public CanaryOptions? Canary { get; init; }

    /// <summary>What clean-up may do to the product's old records, per table; absent means observe: they are counted only.</summary>
    public IReadOnlyDictionary<string, Policy> CleanUp { get; init; } = new Dictionary<string, Policy>();

    /// <summary>Null: WhatsOps makes no backups of this system.</summary>
    public BackupOptions? Backup { get; init; }

    /// <summary>What Meta tells an app of the operator's own; null: nothing.</summary>
    public MetaApp? Meta { get; init; }

    /// <summary>What it stands on besides its gateways; null: that is not looked at.</summary>
    public WatchOptions? Watch { get; init; }

    public IReadOnlyList<MaintenanceWindow> MaintenanceWindows { get; init; } = [];

    /// <summary>Percent of the time that is promised: threshold <c>slaPercent</c>, or what its kind is promised.</summary>
    public decimal SlaPercent() => Thresholds.SlaPercent ?? SystemKinds.SlaPercent(Kind);

    /// <summary>The events that its gateways are told to send: of the file's those that the kind has, since the default list is Evolution's.</summary>
    public IReadOnlyList<string> SubscribedEvents() =>
        Kind == SystemKinds.TurboZap ? [.. Webhook.Events.Where(name => TurboZapEvents.DottedOf(name) is not null)] : Webhook.Events;
}
