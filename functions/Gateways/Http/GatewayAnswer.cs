namespace WhatsOps.Gateways;

/// <summary>What came back on one request.</summary>
/// <param name="Status">Null when nothing came back.</param>
/// <param name="Value">The body of a success, read.</param>
/// <param name="Error">The gateway's words on any other status, or in a success that is none (<c>error:true</c> in a 200); made safe to show.</param>
/// <param name="Trouble">Why there is no answer, or none that makes sense.</param>
/// <param name="Date">The Date header.</param>
internal sealed record GatewayAnswer<T>(int? Status, T? Value, string? Error, string? Trouble, DateTimeOffset? Date = null)
{
    public bool IsUnauthorized => Trouble is null && Status is 401 or 403;

    /// <summary>
    /// The gateway itself says that it does not know the instance. A 404 of a proxy or of a wrong path ("Cannot GET …") is no such word,
    /// and would otherwise make every instance look missing.
    /// </summary>
    public bool SaysNoSuchInstance => Trouble is null && Status == 404 && Error is not null && !Error.StartsWith("Cannot ", StringComparison.Ordinal)
        && (Error.Contains("does not exist", StringComparison.Ordinal) || Error.Contains("not found", StringComparison.Ordinal));

    public string Detail => Trouble ?? $"HTTP {Status}{(string.IsNullOrEmpty(Error) ? "" : ": " + Error)}";
}
