using System.Text.RegularExpressions;

namespace WhatsOps.Watch;

/// <summary>What must not stand in a log in clear: secrets and whole phone numbers (R-324, R-377). Only the name of a pattern is ever told, never what matched.</summary>
internal static partial class LogLeaks
{
    private static readonly (string Name, Regex Pattern)[] Patterns =
    [
        ("private key", PrivateKey()), ("token (JWT)", Jwt()), ("bearer token", Bearer()), ("access key", AccessKey()), ("address with a password", UrlPassword()),
        ("password or key", Assignment()), ("phone number", Phone()),
    ];

    /// <summary>Names of the patterns that the line has.</summary>
    public static IEnumerable<string> Find(string line) => Patterns.Where(pattern => pattern.Pattern.IsMatch(line)).Select(pattern => pattern.Name);

    /// <summary>The line with *** for each; never longer than it was.</summary>
    public static string Hide(string line) => Patterns.Aggregate(line, (text, pattern) => pattern.Pattern.Replace(text, "***"));

    [GeneratedRegex(@"-----BEGIN [A-Z ]*PRIVATE KEY-----")]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"\beyJ[\w-]{10,500}\.[\w-]{10,}\.[\w-]{5,}")]
    private static partial Regex Jwt();

    [GeneratedRegex(@"\b(?i:bearer|basic)\s+[A-Za-z0-9._~+/=-]{16,}")]
    private static partial Regex Bearer();

    // Of AWS, Meta, OpenAI, Stripe.
    [GeneratedRegex(@"\b(?:(?:AKIA|ASIA)[0-9A-Z]{16}|EAA[A-Za-z0-9]{30,}|sk-[\w-]{20,}|sk_live_\w{16,})")]
    private static partial Regex AccessKey();

    [GeneratedRegex(@"\b[a-z][a-z0-9+.-]{0,20}://[^\s:/@""']{0,100}:[^\s@/*""']{1,200}@")]
    private static partial Regex UrlPassword();

    // A value that is hidden already (***, [redacted], <...>, ${...}) or says that there is none is no leak.
    [GeneratedRegex("""(?i:\b[\w.-]{0,40}(?:password|passwd|senha|secret|api[_-]?key|access[_-]?token|auth[_-]?token))["']?\s*[:=]\s*["']?(?!\*|\[|<|\$\{|(?i:null|undefined|none|true|false|required|invalid|missing)\b)[^\s"',;&}]{6,}""")]
    private static partial Regex Assignment();

    // As WhatsApp writes it, as people do in Brazil, or with the + of an international one.
    [GeneratedRegex(@"(?<![\w.])(?:\d{10,15}@(?:s\.whatsapp\.net|c\.us)|\+?55[ -]?\(?\d{2}\)?[ -]?9?\d{4}[ -]?\d{4}|\(\d{2}\) ?9?\d{4}[ -]?\d{4}|\+\d{10,15})(?!\w)")]
    private static partial Regex Phone();
}
