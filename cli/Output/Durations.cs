using System.Globalization;

namespace WhatsOps.Cli.Output;

/// <summary>Durations as people type them: 30m, 2h, 1d.</summary>
internal static class Durations
{
    public static TimeSpan Parse(string text)
    {
        var amount = double.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var length = text.LastOrDefault() switch
        {
            'm' => TimeSpan.FromMinutes(amount),
            'h' => TimeSpan.FromHours(amount),
            'd' => TimeSpan.FromDays(amount),
            _ => TimeSpan.Zero,
        };
        return length > TimeSpan.Zero ? length : throw new CliProblem($"{text} is not a duration.", "write it as 30m, 2h or 1d");
    }
}
