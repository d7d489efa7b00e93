using System.Globalization;

namespace WhatsOps.Cli.Output;

/// <summary>Durations as people type them: 30m, 2h, 1d.</summary>
internal static class Durations
{
    public static TimeSpan Parse(string text)
    {
        var amount = double.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var length = text[^1..] switch
        {
            "m" => TimeSpan.FromMinutes(amount),
            "h" => TimeSpan.FromHours(amount),
            "d" => TimeSpan.FromDays(amount),
            _ => TimeSpan.Zero,
        };
        return length > TimeSpan.Zero ? length : throw new CliProblem($"{text} is not a duration.", "write it as 30m, 2h or 1d");
    }

    /// <summary>Two units at most: 3 d 4 h, 5 min, 12 s.</summary>
    public static string Say(TimeSpan length) => length switch
    {
        { TotalDays: >= 1 } => $"{length.Days} d {length.Hours} h",
        { TotalHours: >= 1 } => $"{length.Hours} h {length.Minutes} min",
        { TotalMinutes: >= 1 } => $"{length.Minutes} min",
        _ => $"{Math.Max(0, length.Seconds)} s",
    };
}
