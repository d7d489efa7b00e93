using System.Text.Json.Serialization;

namespace WhatsOps.Simulator;

/// <summary>What a simulated gateway is like. Also the shape of the JSON seed file of the process.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Where to listen; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>The gateway's global key, as in AUTHENTICATION_API_KEY.</summary>
    public string ApiKey { get; init; } = "test-key";

    /// <summary>The version told by GET /; one that starts with "1." gives the v1.8 shapes.</summary>
    public string Version { get; init; } = "2.3.6";

    public string ClientName { get; init; } = "evolution_exchange";

    /// <summary>Told as server_url in webhooks; the gateway's own address when null.</summary>
    public string? ServerUrl { get; init; }

    /// <summary>The instances that exist at the start.</summary>
    public IReadOnlyList<InstanceSeed> Instances { get; init; } = [];

    /// <summary>The share of seeded instances whose fetchInstances row tells the opposite of the truth, 0 to 1.</summary>
    public double LyingShare { get; init; }

    /// <summary>Added to every answer, in real time.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Simulated seconds per real second: 1000 makes a wait of 5 s take 5 ms. Races, storms and latency stay in real time.</summary>
    public double TimeScale { get; init; } = 1;

    [JsonIgnore]
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The same seed gives the same tokens, codes, lies and jitter.</summary>
    public int RandomSeed { get; init; } = 1;

    /// <summary>The gateway's own clock zone: Evolution labels its local time with Z, and its image is set to São Paulo.</summary>
    public TimeSpan UtcOffset { get; init; } = TimeSpan.FromHours(-3);

    public int QrCodeLimit { get; init; } = 30;

    public TimeSpan QrLife { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>A patient phone: scans every QR code so long after it was shown; nobody scans when null.</summary>
    public TimeSpan? AutoScanAfter { get; init; }

    /// <summary>From connecting to the first QR code or to open.</summary>
    public TimeSpan ConnectTime { get; init; } = TimeSpan.FromMilliseconds(120);

    /// <summary>How long after a restart a gateway does not know its instances.</summary>
    public TimeSpan LoadTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Real time between the guard and the row of a create: the window of the create race.</summary>
    public TimeSpan CreateTime { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Real time that the asynchronous removal after a delete takes when no hook has to be waited for.</summary>
    public TimeSpan RemovalTime { get; init; } = TimeSpan.FromMilliseconds(40);

    public TimeSpan WebhookTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>However compressed, a hook gets this much real time: a busy machine is no hanging receiver.</summary>
    public TimeSpan ShortestWebhookTimeout { get; init; } = TimeSpan.FromSeconds(3);

    public int WebhookAttempts { get; init; } = 10;

    /// <summary>Every event except STATUS_INSTANCE, REMOVE_INSTANCE and LOGOUT_INSTANCE also goes here, without custom headers.</summary>
    public string? GlobalWebhookUrl { get; init; }

    /// <summary>AUTHENTICATION_EXPOSE_IN_FETCH_INSTANCES: whether webhook bodies carry the instance token as apikey.</summary>
    public bool ExposeTokens { get; init; } = true;

    /// <summary>DATABASE_SAVE_DATA_NEW_MESSAGE: whether messages are kept for findMessages.</summary>
    public bool SaveMessages { get; init; } = true;

    /// <summary>PROMETHEUS_METRICS: without it /metrics is 404.</summary>
    public bool Metrics { get; init; }

    /// <summary>connection.update events per real second of an instance that cannot reach WhatsApp.</summary>
    public int StormEventsPerSecond { get; init; } = 35;

    /// <summary>Every call is also appended here as one JSON line, so that a test can count the side effects of processes it killed.</summary>
    public string? CallLogFile { get; init; }

    [JsonIgnore]
    internal bool IsV1 => Version.StartsWith("1.", StringComparison.Ordinal);
}
