namespace WhatsOps.Fleet;

/// <summary>An HTTP endpoint that is asked with GET. A status of 200 alone proves little: several of the products answer 200 whatever is wrong .</summary>
public sealed record HttpTarget : WatchTarget
{
    public required string Url { get; init; }

    /// <summary>How the answer is read.</summary>
    public HttpShape Shape { get; init; } = HttpShape.Status;

    /// <summary>Sent with the request, e.g. <c>Authorization</c>; values are references or <c>Bearer ${env:NAME}</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Seconds until it counts as unreachable, 1 to 60.</summary>
    public int TimeoutSeconds { get; init; } = 10;

    /// <summary>Names of metrics that are kept, for shape <c>prometheus</c>; each must be there, or that is a finding.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];
}
