namespace WhatsOps.Fleet;

/// <summary>An HTTP endpoint that is asked with GET. A status of 200 alone proves little: several of the products answer 200 whatever is wrong .</summary>
public sealed record HttpTarget : WatchTarget
{
    private readonly int? _timeoutSeconds;

    public required string Url { get; init; }

    /// <summary>How the answer is read.</summary>
    public HttpShape Shape { get; init; } = HttpShape.Status;

    /// <summary>Sent with the request, e.g. <c>Authorization</c>; values are references or <c>Bearer ${env:NAME}</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Seconds until it counts as unreachable, 1 to 60. Where the file does not say it 10; 60 for WhatsApp Agent's detailed health, which asks Meta and OpenAI, 30 s each.</summary>
    public int TimeoutSeconds { get => _timeoutSeconds ?? (Shape == HttpShape.AgentHealth ? 60 : 10); init => _timeoutSeconds = value; }

    /// <summary>Names of metrics that are kept, for shape <c>prometheus</c>; each must be there, or that is a finding.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];
}
