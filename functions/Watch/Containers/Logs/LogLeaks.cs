using System.Text.RegularExpressions;

namespace WhatsOps.Watch;

/// <summary>What must not stand in a log in clear: secrets and whole phone numbers (R-324, R-377). Only the name of a pattern is ever told, never what matched.</summary>
internal static partial class LogLeaks
{
    private const string SecretNames = "password|passwd|senha|secret|api[_-]?key|access[_-]?token|auth[_-]?token";
    private const string KeyEnd = @"-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----";
    private const string KeyBegin = @"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----";

    // JSON within JSON has its quotes escaped. A value that is hidden already (***, [redacted], <...>, ${...}) or says that there is none is no leak.
    private const string Is = """(?:\\{0,4}["'])?\s*[:=]\s*(?:\\{0,4}["'])?(?!\*|\[|<|\$\{|(?i:null|undefined|none|true|false|required|invalid|missing)\b)""";

    private static readonly (string Name, Regex Pattern)[] Secrets =
    [
        ("private key", PrivateKey()), ("token (JWT)", Jwt()), ("bearer token", Bearer()), ("access key", AccessKey()), ("address with a password", UrlPassword()),
        ("password or key", Assignment()),
    ];

    private static readonly (string Name, Regex Pattern)[] Patterns = [.. Secrets, ("phone number", Phone())];

    /// <summary>Names of the patterns that the line has.</summary>
    public static IEnumerable<string> Find(string line) => Patterns.Where(pattern => pattern.Pattern.IsMatch(line)).Select(pattern => pattern.Name);

    /// <summary>The line with *** for each; never longer than it was.</summary>
    public static string Hide(string line) => HidePhones(HideSecrets(line));

    /// <summary>As <see cref="Hide"/>, but phone numbers stay.</summary>
    public static string HideSecrets(string line) => Secrets.Aggregate(line, (text, pattern) => pattern.Pattern.Replace(text, "***"));

    /// <summary>As <see cref="Hide"/>, but secrets stay.</summary>
    public static string HidePhones(string line) => Phone().Replace(line, "***");

    /// <summary>True: what is called so is a secret, whatever it looks like.</summary>
    public static bool IsSecretName(string name) => SecretName().IsMatch(name);

    /// <summary>True: a private key begins in it whose end is not in it.</summary>
    public static bool OpensKey(string line) => OpenKey().IsMatch(line);

    /// <summary>True: a private key ends in it.</summary>
    public static bool ClosesKey(string line) => ClosedKey().IsMatch(line);

    [GeneratedRegex($@"{KeyBegin}[\s\S]*?(?:{KeyEnd}|\z)")]
    private static partial Regex PrivateKey();

    [GeneratedRegex($@"{KeyBegin}(?![\s\S]*{KeyEnd})")]
    private static partial Regex OpenKey();

    [GeneratedRegex(KeyEnd)]
    private static partial Regex ClosedKey();

    [GeneratedRegex(@"\beyJ[\w-]{10,500}\.[\w-]{10,}\.[\w-]{5,}")]
    private static partial Regex Jwt();

    [GeneratedRegex(@"\b(?i:bearer|basic)\s+[A-Za-z0-9._~+/=-]{16,}")]
    private static partial Regex Bearer();

    // Of AWS, Meta, OpenAI, Stripe.
    [GeneratedRegex(@"\b(?:(?:AKIA|ASIA)[0-9A-Z]{16}|EAA[A-Za-z0-9]{30,}|sk-[\w-]{20,}|sk_live_\w{16,})")]
    private static partial Regex AccessKey();

    [GeneratedRegex(@"\b[a-z][a-z0-9+.-]{0,20}://[^\s:/@""']{0,100}:[^\s@/*""']{1,200}@")]
    private static partial Regex UrlPassword();

    // Tokens of instances (Evolution, TurboZap) are just called so. The word is an ordinary one, too: only what looks made by a machine is one (token: JsonWebTokenError is none).
    [GeneratedRegex($$"""
        (?i:\b[\w.-]{0,40}(?:{{SecretNames}})){{Is}}[^\s"',;&}]{6,}|(?i:\b(?:[\w.-]{0,40}[_.-])?(?:instance|refresh|bot)?token){{Is}}(?:(?=[\w-]{0,60}\d)[^\s"',;&}]{8,}|[\w-]{20,})
        """)]
    private static partial Regex Assignment();

    [GeneratedRegex($"(?:{SecretNames}|token|authorization|cookie|private[_-]?key)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();

    // As WhatsApp writes it, as people do in Brazil, or with the + of an international one.
    [GeneratedRegex(@"(?<![\w.])(?:\d{10,15}@(?:s\.whatsapp\.net|c\.us)|\+?55[ -]?\(?\d{2}\)?[ -]?9?\d{4}[ -]?\d{4}|\(\d{2}\) ?9?\d{4}[ -]?\d{4}|\+\d{10,15})(?!\w)")]
    private static partial Regex Phone();
}
