using System.Text.Json;

namespace WhatsOps.Tests.Integration.Simulator;

/// <summary>One recorded exchange.</summary>
public sealed record Recording(string Id, string Method, string Path, string? Key, string? Body, int? Status, JsonElement Answer)
{
    /// <summary>The number at the start of the id.</summary>
    public int Number => int.Parse(Id[..3], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Lines of a file in transcripts/.</summary>
    public static IEnumerable<T> Lines<T>(string file) =>
        File.ReadLines(PathOf(file)).Select(line => JsonSerializer.Deserialize<T>(line, JsonSerializerOptions.Web)!);

    public static IReadOnlyList<Recording> All { get; } =
        [.. new[] { "001-082", "101-115", "121-157", "200-261", "401-404" }.SelectMany(file => Lines<Recording>(file + ".jsonl"))];

    public static string PathOf(string file) => System.IO.Path.Combine(AppContext.BaseDirectory, "Simulator", "transcripts", file);
}
