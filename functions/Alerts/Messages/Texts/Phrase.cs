using System.Text.RegularExpressions;

namespace WhatsOps.Alerts;

/// <summary>
/// A sentence or a fragment in English and in another language. Both have the same places in the same order: <c>{n}</c> a number, <c>{t}</c> a text that stays as it is, such as
/// a name or what a server said, and <c>{w}</c> words of ours, which are told in the other language, too.
/// </summary>
internal sealed partial class Phrase
{
    private readonly Lazy<Regex> _pattern;
    private readonly string[] _places;
    private readonly string[] _between;
    private readonly string _sure;

    /// <param name="isWhole">It is told of a text that is it from beginning to end, not wherever it stands.</param>
    public Phrase(string english, string other, bool isWhole)
    {
        English = english;
        Other = other;
        var fixedParts = Place().Split(english);
        _sure = fixedParts.MaxBy(part => part.Length)!;
        Length = fixedParts.Sum(part => part.Length);
        _places = [.. Place().Matches(other).Select(place => place.Value)];
        _between = Place().Split(other);
        _pattern = new(() => Pattern(english, isWhole));
    }

    public string English { get; }

    public string Other { get; }

    /// <summary>Of what does not vary: of two phrases that fit, the longer one is meant.</summary>
    public int Length { get; }

    /// <param name="words">Tells words of ours in the other language.</param>
    public string Tell(string text, Func<string, string> words)
    {
        // Most texts are without most phrases, which is seen at once.
        if (!text.Contains(_sure, StringComparison.Ordinal)) return text;
        return _pattern.Value.Replace(text, match =>
        {
            var told = _between[0];
            for (var i = 0; i < _places.Length; i++)
            {
                var value = match.Groups[$"p{i}"].Value;
                told += (_places[i] == "{w}" ? words(value) : value) + _between[i + 1];
            }

            return told;
        });
    }

    // Without backtracking, since a server's own words may be anything.
    private static Regex Pattern(string english, bool isWhole)
    {
        var (parts, places) = (Place().Split(english), Place().Matches(english));
        var pattern = Regex.Escape(parts[0]);
        for (var i = 0; i < places.Count; i++) pattern += $"(?<p{i}>{(places[i].Value == "{n}" ? @"\d+" : ".+?")}){Regex.Escape(parts[i + 1])}";
        // A place at the end reaches to the end.
        return new((isWhole ? @"\A" : "") + pattern + (isWhole || parts[^1].Length == 0 ? @"\z" : ""), RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.NonBacktracking);
    }

    [GeneratedRegex(@"\{[ntw]\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
