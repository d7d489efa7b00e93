using System.Text.Json;

namespace WhatsOps.Alerts;

/// <summary>
/// The closed set of what looks, gateways and channels say, in Portuguese (<c>words.pt-BR.json</c>). What a server or a library said, and the commands to type, stay as
/// they are. Tests hold the set to what the sources say, in both directions.
/// </summary>
internal static class PortugueseWords
{
    private const string Resource = "WhatsOps.Alerts.words.pt-BR.json";
    private static readonly Catalogue Read = Load();

    /// <summary>Told wherever they stand.</summary>
    public static IReadOnlyList<Phrase> Sentences { get; } = [.. Read.Sentences.Select(row => new Phrase(row.Key, row.Value, isWhole: false)).OrderByDescending(phrase => phrase.Length)];

    /// <summary>Told only where a sentence has words of ours: by themselves they may be anybody's.</summary>
    public static IReadOnlyList<Phrase> Fragments { get; } = [.. Read.Fragments.Select(row => new Phrase(row.Key, row.Value, isWhole: true)).OrderByDescending(phrase => phrase.Length)];

    public static string Of(string words) => Sentences.Aggregate(words, (text, phrase) => phrase.Tell(text, Part));

    /// <summary>What stands in a sentence: sentences of its own, or a fragment.</summary>
    public static string Part(string words)
    {
        if (Of(words) is var told && told != words) return told;
        return Fragments.Select(fragment => fragment.Tell(words, Part)).FirstOrDefault(other => other != words) ?? words;
    }

    /// <summary>What came of a look at a gateway.</summary>
    public static string Outcome(string word) => word switch
    {
        "seen" => "responde",
        "absent" => "não existe",
        "unauthorized" => "recusa a chave",
        "unreachable" => "não responde",
        "not finished" => "não terminou a tempo",
        _ => word,
    };

    private static Catalogue Load()
    {
        using var stream = typeof(PortugueseWords).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"{Resource} is not in the assembly.");
        return JsonSerializer.Deserialize<Catalogue>(stream, JsonSerializerOptions.Web)!;
    }

    private sealed record Catalogue(Dictionary<string, string> Sentences, Dictionary<string, string> Fragments);
}
