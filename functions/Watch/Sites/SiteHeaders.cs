using System.Globalization;
using System.Text.RegularExpressions;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>What the headers of an answer should say: those of the manual (R-379), CORS (R-327), the redirect to https (R-321), compression (R-367).</summary>
internal static partial class SiteHeaders
{
    /// <summary>An origin that nobody has.</summary>
    public const string ForeignOrigin = "https://foreign-origin.invalid";

    private const long Year = 31_536_000;

    /// <summary>X-XSS-Protection is the manual's wish and info only: no browser of today reads it.</summary>
    public static IEnumerable<Trouble> Security(string host, HttpResponseMessage answer)
    {
        if (!Is(answer, "X-Frame-Options", value => value.Equals("DENY", StringComparison.OrdinalIgnoreCase))) yield return Missing("X-Frame-Options", "DENY");
        if (!Is(answer, "X-Content-Type-Options", value => value.Equals("nosniff", StringComparison.OrdinalIgnoreCase))) yield return Missing("X-Content-Type-Options", "nosniff");
        if (!Is(answer, "Strict-Transport-Security", IsStrict)) yield return Missing("Strict-Transport-Security", $"max-age={Year}; includeSubDomains");
        if (!Is(answer, "Content-Security-Policy", value => value.Length > 0)) yield return Missing("Content-Security-Policy", "default-src 'self'");
        if (!Is(answer, "X-XSS-Protection", value => value.Replace(" ", "", StringComparison.Ordinal).Equals("1;mode=block", StringComparison.OrdinalIgnoreCase)))
        {
            yield return new(
                TroubleKinds.Misconfigured, Severity.Info,
                $"{host} answers {How("X-XSS-Protection")} X-XSS-Protection. The manual asks for it; browsers have dropped it, and Content-Security-Policy does its work. Fix: let its proxy send X-XSS-Protection: 1; mode=block, or accept this.") { Subject = "X-XSS-Protection" };
        }

        string How(string header) => answer.Headers.Contains(header) ? "another" : "without";

        Trouble Missing(string header, string wanted) => new(
            TroubleKinds.Misconfigured, Severity.Medium,
            $"{host} answers {How(header)} {header}. Fix: let its proxy send {header}: {wanted}.") { Subject = header };
    }

    public static IEnumerable<Trouble> Cors(string host, HttpResponseMessage answer)
    {
        var allowed = Value(answer, "Access-Control-Allow-Origin");
        if (allowed != "*" && allowed != ForeignOrigin) yield break;
        // A browser ignores credentials together with *; with an echo it sends the cookies of a user who is logged in.
        var withCredentials = allowed != "*" && Is(answer, "Access-Control-Allow-Credentials", value => value.Equals("true", StringComparison.OrdinalIgnoreCase));
        yield return new(
            TroubleKinds.Exposed, withCredentials ? Severity.Critical : Severity.High,
            $"{host} lets pages of {(allowed == "*" ? "every origin" : "whatever origin asks")} read its answers{(withCredentials ? ", with the cookies of who is logged in" : "")}. Fix: name the origins of the product in its CORS setting.") { Subject = "cors" };
    }

    public static bool IsCompressed(HttpResponseMessage answer) => answer.Content.Headers.ContentEncoding.Any(encoding => encoding is "gzip" or "br");

    /// <summary>Only a success tells: nginx leaves redirects and most errors as they are.</summary>
    public static Trouble NotCompressed(string host, HttpResponseMessage answer) => answer.IsSuccessStatusCode
        ? new(
            TroubleKinds.Misconfigured, Severity.Low,
            $"{host} answers a browser that takes gzip and br uncompressed. Fix: gzip on in its proxy; nginx compresses text/html alone until gzip_types names the others.") { Subject = "compression" }
        : new(TroubleKinds.NotObservable, Severity.Low, $"Whether {host} compresses is not known: it answers {(int)answer.StatusCode}. Next: write an address that answers itself.") { Subject = "compression" };

    /// <summary>What is wrong with an answer over plain HTTP.</summary>
    public static IEnumerable<Trouble> Plain(string host, HttpResponseMessage answer)
    {
        if ((int)answer.StatusCode is >= 300 and < 400 && answer.Headers.Location is { IsAbsoluteUri: true } to && to.Scheme == Uri.UriSchemeHttps) yield break;
        yield return answer.IsSuccessStatusCode
            ? new(TroubleKinds.Exposed, Severity.High, $"{host} serves over plain HTTP what should be read over https only. Fix: redirect http to https.") { Subject = "redirect" }
            : new(TroubleKinds.Misconfigured, Severity.Low, $"{host} answers {(int)answer.StatusCode} over plain HTTP, not with a redirect to https. Fix: redirect http to https, or close the port.") { Subject = "redirect" };
    }

    private static bool IsStrict(string value) =>
        MaxAge().Match(value) is { Success: true } age && long.TryParse(age.Groups["seconds"].Value, CultureInfo.InvariantCulture, out var seconds) && seconds >= Year
        && value.Contains("includeSubDomains", StringComparison.OrdinalIgnoreCase);

    private static bool Is(HttpResponseMessage answer, string header, Func<string, bool> isRight) => Value(answer, header) is { } value && isRight(value);

    private static string? Value(HttpResponseMessage answer, string header) => answer.Headers.TryGetValues(header, out var values) ? string.Join(", ", values).Trim() : null;

    [GeneratedRegex("""max-age\s*=\s*"?(?<seconds>[0-9]+)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MaxAge();
}
