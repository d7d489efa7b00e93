using System.Globalization;

namespace WhatsOps.Reports;

/// <summary>A value as it is written; empty text means not known.</summary>
public sealed record Cell(string Text, bool IsNumber)
{
    public static Cell Of(string text) => new(text, false);

    public static Cell Of(decimal? value) => new(value?.ToString("0.##", CultureInfo.InvariantCulture) ?? "", true);

    public static Cell Of(DateOnly day) => new(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), false);

    public static Cell Of(bool? value) => new(value switch { true => "yes", false => "no", null => "" }, false);
}
