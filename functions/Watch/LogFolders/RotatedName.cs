using System.Text.RegularExpressions;

namespace WhatsOps.Watch;

/// <summary>The name of a file in a folder of logs: which log it is of, and whether it was rotated away (pm2-logrotate, logrotate).</summary>
/// <param name="Log">Name of the log that is written.</param>
/// <param name="IsNewest">logrotate's <c>.1</c>, which delaycompress leaves as it is.</param>
internal sealed partial record RotatedName(string Log, bool IsRotated, bool IsCompressed, bool IsNewest)
{
    public static RotatedName Of(string name)
    {
        var plain = Compressed().Replace(name, "");
        var isCompressed = plain.Length < name.Length;
        if (Pm2().Match(plain) is { Success: true } pm2) return new(pm2.Groups["log"].Value + pm2.Groups["end"].Value, true, isCompressed, false);
        if (Logrotate().Match(plain) is { Success: true } rotated) return new(rotated.Groups["log"].Value, true, isCompressed, rotated.Groups["number"].Value == "1");
        return new(plain, isCompressed, isCompressed, false);
    }

    [GeneratedRegex(@"\.(?:gz|bz2|xz|zst)$", RegexOptions.CultureInvariant)]
    private static partial Regex Compressed();

    // app-out__2026-11-26_00-00-00.log
    [GeneratedRegex(@"^(?<log>.+?)__\d{4}-\d{2}-\d{2}[\d_T:.-]*?(?<end>\.[a-z]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Pm2();

    // access.log.1, access.log-20261126
    [GeneratedRegex(@"^(?<log>.+?)(?:\.(?<number>\d{1,4})|-\d{8}(?:-?\d+)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Logrotate();
}
