using System.Globalization;
using System.Net;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>
/// 429: it lives, and takes no more requests from here for a while. WhatsApp Agent shuts an address out for 5 minutes after 100 requests in one. That is no outage, and what was
/// found of it stays.
/// </summary>
internal static class HttpLimit
{
    /// <summary>Null: the answer is no limit's.</summary>
    public static Reading? Of(HttpAnswer answer, DateTimeOffset now)
    {
        if (answer.Status != (int)HttpStatusCode.TooManyRequests) return null;
        var wait = answer.Headers?.RetryAfter is { } retry ? retry.Delta ?? retry.Date - now : null;
        var words = string.Create(
            CultureInfo.InvariantCulture,
            $"It answers 429: it takes no more requests from this address for now, so nothing is known of it.{(wait > TimeSpan.Zero ? $" It says to come back in {wait.Value.TotalSeconds:0} s." : "")}");
        return Reading.Seen(words, [], new Trouble(TroubleKinds.NotObservable, Severity.Medium, words + " Fix: fewer or rarer looks and bursts at it, or a higher limit for this address.")) with { Unseen = [""] };
    }
}
