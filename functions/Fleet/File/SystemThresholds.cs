namespace WhatsOps.Fleet;

/// <summary>Numbers the rules compare with; the defaults are the manuals' (R-053…R-100).</summary>
public sealed record SystemThresholds
{
    /// <summary>Minutes in <c>connecting</c> before it counts as stuck .</summary>
    public int ConnectingMinutes { get; init; } = 10;

    /// <summary>Disconnections (open→connecting or close) within <see cref="DisconnectionWindowHours"/> above which an instance is unstable .</summary>
    public int Disconnections { get; init; } = 3;

    public int DisconnectionWindowHours { get; init; } = 2;

    /// <summary>QR codes within an hour above which pairing is churning .</summary>
    public int QrCodesPerHour { get; init; } = 10;

    /// <summary>QR codes that one run lets a gateway show before it asks for no more; Evolution itself gives up at 30.</summary>
    public int QrBudget { get; init; } = 20;

    /// <summary>An inactive integration seen open within this many days is an outage, not a choice (R-094, corrected).</summary>
    public int InactiveSeenOpenDays { get; init; } = 7;

    /// <summary>Complete good observations that close a finding.</summary>
    public int GoodObservationsToClose { get; init; } = 2;

    /// <summary>Share of a gateway's tenants (percent) that, failing at once, is one critical incident of the gateway (R-099, corrected).</summary>
    public int CorrelatedFailurePercent { get; init; } = 30;

    /// <summary>Hours without an update after which a tenant's integration row is stale .</summary>
    public int StaleHours { get; init; } = 24;

    /// <summary>Days that an instance must have been nobody's before a clean-up may delete it .</summary>
    public int OrphanQuarantineDays { get; init; } = 7;

    /// <summary>Minutes without any event after which an open instance with recent traffic gets a direct look.</summary>
    public int SilentMinutes { get; init; } = 60;

    /// <summary>Direct looks per gateway and sweep; suspects beyond it stay unconfirmed until the next sweep.</summary>
    public int SuspectsPerGateway { get; init; } = 100;

    /// <summary>Deadline of one whole sweep, seconds.</summary>
    public int SweepDeadlineSeconds { get; init; } = 120;

    /// <summary>Minutes that an accepted event may wait for its delivery to the product; above, and six times above, it is a finding.</summary>
    public int DeliveryLagMinutes { get; init; } = 5;

    /// <summary>Seconds that a sweep waits for one gateway's list of instances; without one by then it counts as unreachable.</summary>
    public int GatewayAnswerSeconds { get; init; } = 30;

    /// <summary>Milliseconds of average response time above which the gateway is slow .</summary>
    public int SlowResponseMs { get; init; } = 5000;

    /// <summary>Percent of calls that must be successful .</summary>
    public decimal SuccessPercent { get; init; } = 95;

    /// <summary>Percent by which a company's storage may grow within a week before the review of companies tells it .</summary>
    public int StorageGrowthPercent { get; init; } = 50;

    /// <summary>Percent of the time that a tenant is promised to be connected, and a target to answer. Null: what the kind of the system is promised .</summary>
    public decimal? SlaPercent { get; init; }

    /// <summary>Of a time of which less was looked at, in percent, availability says too little to be held against a promise.</summary>
    internal const int LeastCoveragePercent = 90;
}
