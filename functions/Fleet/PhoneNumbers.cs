using System.Buffers;
using System.Text.RegularExpressions;

namespace WhatsOps.Fleet;

/// <summary>
/// Phone numbers in a text, unbroken or as people write them (<c>+55 (11) 99999-0000</c>): eight digits or more, with a separator between them at most. Dates,
/// times, UUIDs, IP addresses, versions and decimal numbers look like some and stay, since things are found by them.
/// </summary>
internal static partial class PhoneNumbers
{
    private const int Least = 8;

    // What stands around a candidate decides whether it is a part of something else, e.g. of a UUID or of a time.
    private const int Around = 40;

    private static readonly SearchValues<char> Separators = SearchValues.Create(" .-()+");
    private static readonly SearchValues<char> NotInNumbers = SearchValues.Create(" -()+");

    /// <summary>The text with * for the digits of each number, and as long as it was.</summary>
    /// <param name="first">How many digits of a number stay at its beginning.</param>
    /// <param name="last">How many stay at its end.</param>
    /// <param name="unbroken">False: only numbers with separators.</param>
    public static string Hide(string text, int first, int last, bool unbroken = true)
    {
        char[]? hidden = null;
        foreach (var found in Candidate().EnumerateMatches(text))
        {
            var candidate = text.AsSpan(found.Index, found.Length);
            var isUnbroken = !candidate.ContainsAny(Separators);
            if (isUnbroken && !unbroken) continue;
            var kept = Kept(text, found.Index, found.Length);
            if (isUnbroken || !IsNumber(candidate) || (found.Index > 0 && text[found.Index - 1] == '+')) Hide(text, found.Index, found.Length, kept, first, last, ref hidden);
            else if (unbroken)
                foreach (var run in Run().EnumerateMatches(candidate)) Hide(text, found.Index + run.Index, run.Length, kept, first, last, ref hidden);
        }

        return hidden is null ? text : new string(hidden);
    }

    private static void Hide(string text, int from, int length, List<(int From, int To)>? kept, int first, int last, ref char[]? hidden)
    {
        var digits = 0;
        for (var i = from; i < from + length; i++)
            if (IsFree(text, i, kept)) digits++;
        if (digits < Least) return;
        hidden ??= text.ToCharArray();
        for (int i = from, seen = 0; i < from + length; i++)
            if (IsFree(text, i, kept) && ++seen > first && seen <= digits - last) hidden[i] = '*';
    }

    private static bool IsFree(string text, int at, List<(int From, int To)>? kept)
    {
        if (!char.IsDigit(text[at])) return false;
        if (kept is null) return true;
        foreach (var (from, to) in kept)
            if (at >= from && at < to) return false;
        return true;
    }

    private static List<(int From, int To)>? Kept(string text, int from, int length)
    {
        var start = Math.Max(0, from - Around);
        List<(int, int)>? kept = null;
        foreach (var found in KeptForm().EnumerateMatches(text.AsSpan(start, Math.Min(text.Length, from + length + Around) - start)))
            (kept ??= []).Add((start + found.Index, start + found.Index + found.Length));
        return kept;
    }

    // 1234.567, 10.0.19045.3570; but 99999.0000 and 1.800.555.1234 are how some write phones.
    private static bool IsNumber(ReadOnlySpan<char> candidate) => !candidate.ContainsAny(NotInNumbers) && Decimal().IsMatch(candidate) && !Dotted().IsMatch(candidate);

    [GeneratedRegex(@"\d(?:(?:[ .+-]|[ .-]?\(|\)[ .-]?)?\d){7,}", RegexOptions.CultureInvariant)]
    private static partial Regex Candidate();

    [GeneratedRegex(@"\d{8,}", RegexOptions.CultureInvariant)]
    private static partial Regex Run();

    // A fraction of up to three digits, or a group of one digit among others.
    [GeneratedRegex(@"^(?:\d+\.\d{1,3}|\d(?:\.\d+)+|(?:\d+\.)+\d(?:\.\d+)*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Decimal();

    [GeneratedRegex(@"(?:^\d{4,5}|\.\d{3,4})\.\d{4}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Dotted();

    [GeneratedRegex(
        """
        (?<![0-9A-Za-z])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Za-z])
        |(?<!\d)(?:19|20)\d\d-[01]\d(?:-[0-3]\d)?(?!\d)
        |(?<!\d)[0-3]\d[.-][01]\d[.-](?:19|20)\d\d(?!\d)
        |(?<!\d)[0-2]?\d:[0-5]\d(?::[0-6]\d(?:[.,]\d{1,9})?)?(?:[+-]\d\d(?::?\d\d)?)?(?!\d)
        |(?<!\d)(?:19|20)\d\d[01]\d[0-3]\dT[0-2]\d[0-5]\d[0-6]\dZ
        |(?<!\d)(?<!\d\.)(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\.?\d)
        """, RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex KeptForm();
}
