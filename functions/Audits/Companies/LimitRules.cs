using System.Globalization;

namespace WhatsOps.Audits;

/// <summary>
/// Which limits of campaigns to propose, from what failed: caps and pauses protect the number of a company, which WhatsApp blocks when too many of its messages fail.
/// </summary>
internal static class LimitRules
{
    /// <summary>TaktChat's defaults, per connection, message and pause.</summary>
    public static IReadOnlyDictionary<string, int> Defaults { get; } = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["capHourly"] = 30, ["capDaily"] = 150, ["backoffErrorThreshold"] = 3, ["backoffPauseMinutes"] = 15, ["messageInterval"] = 60, ["longerIntervalAfter"] = 10, ["greaterInterval"] = 300,
    };

    /// <summary>Fewer messages say nothing about a rate.</summary>
    public const int LeastMessages = 50;

    /// <summary>Percent of failures from which looser limits than the defaults are no longer borne.</summary>
    public const double Worrying = 5;

    /// <summary>Percent of failures from which even the defaults are too fast.</summary>
    public const double Bad = 10;

    // More is riskier of these, less of the others.
    private static readonly string[] Caps = ["capHourly", "capDaily", "backoffErrorThreshold", "longerIntervalAfter"];

    /// <param name="settings">The company's own values by key; where one is missing the default counts.</param>
    public static IEnumerable<LimitProposal> Of(CampaignResult result, IReadOnlyDictionary<string, int> settings)
    {
        if (result is not { Settled: >= LeastMessages, FailedPercent: >= Worrying and var failed }) yield break;
        var why = string.Create(CultureInfo.InvariantCulture, $"{failed:0.#} % of {result.Settled} messages failed");
        foreach (var (key, usual) in Defaults)
        {
            var now = settings.GetValueOrDefault(key, usual);
            var careful = Caps.Contains(key) ? Math.Min(now, usual) : Math.Max(now, usual);
            var proposed = failed < Bad ? careful : key switch
            {
                "capHourly" or "capDaily" => Math.Max(1, careful / 2),
                "backoffPauseMinutes" => careful * 2,
                _ => careful,
            };
            if (proposed == now) continue;
            yield return new(result.Company, key, now, proposed, failed < Bad ? $"{why}, with a looser limit than the default" : why);
        }
    }

    /// <summary>The number in a setting's JSON text, bare or quoted; null: it holds none.</summary>
    public static int? Value(string? json) =>
        int.TryParse(json?.Trim().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
