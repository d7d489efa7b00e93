using System.Globalization;
using System.Text.RegularExpressions;

namespace WhatsOps.Audits;

/// <summary>Reads <c>"Companies".folderSize</c>, a text: <c>du -sh</c> writes <c>980K</c>, <c>1.5G</c>, in Portuguese <c>1,5G</c>; a bare number is bytes.</summary>
internal static partial class StorageSize
{
    private const string Units = "KMGTP";
    private const double Step = 1024;

    /// <summary>Bytes; null: it is no size.</summary>
    public static double? Bytes(string? text)
    {
        if (text is null || Size().Match(text.Trim()) is not { Success: true } match) return null;
        var number = double.Parse(match.Groups["number"].Value.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        var unit = match.Groups["unit"].Value.ToUpperInvariant();
        return number * Math.Pow(Step, unit.Length == 0 ? 0 : Units.IndexOf(unit[0], StringComparison.Ordinal) + 1);
    }

    [GeneratedRegex(@"\A(?<number>[0-9]{1,15}([.,][0-9]{1,6})?)\s*(?<unit>[KMGTP])?(i?B|bytes)?\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Size();
}
