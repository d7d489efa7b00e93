using System.Globalization;
using System.Net.Http.Headers;

namespace WhatsOps.Watch;

/// <summary>GitHub's limits of requests: 403 or 429, and how long to wait. Whoever goes on asking may be banned.</summary>
internal static class GitHubLimit
{
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(1);

    // Limits are by the hour; a header that says more is none to believe.
    private static readonly TimeSpan Most = TimeSpan.FromHours(2);

    /// <summary>Until when nothing may be asked; null: the answer is no limit's.</summary>
    /// <param name="message">GitHub's own word.</param>
    public static DateTimeOffset? Of(int status, HttpResponseHeaders? headers, string message, DateTimeOffset now)
    {
        if (status is not (403 or 429)) return null;
        var wait = headers?.RetryAfter is { } retry ? retry.Delta ?? retry.Date - now : null;
        if (wait is null && Number(headers, "x-ratelimit-remaining") == 0 && Number(headers, "x-ratelimit-reset") is { } reset) wait = TimeSpan.FromSeconds(reset - now.ToUnixTimeSeconds());
        if (wait is null && status == 403 && Number(headers, "x-ratelimit-remaining") != 0 && !message.Contains("rate limit", StringComparison.OrdinalIgnoreCase)) return null;
        return now + TimeSpan.FromTicks(Math.Clamp((wait ?? Least).Ticks, Least.Ticks, Most.Ticks));
    }

    /// <summary>A whole number in a header, as large as numbers of seconds may be; null: it is not there.</summary>
    public static int? Number(HttpResponseHeaders? headers, string name) =>
        headers?.TryGetValues(name, out var values) == true && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
