using System.Text.Json;
using System.Text.Json.Nodes;

namespace WhatsOps.Fleet;

/// <summary>Reads a fleet file whole: shape first, then the rules, so that one reading tells every problem there is.</summary>
internal static class FleetReader
{
    private static readonly JsonDocumentOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false, MaxDepth = 32,
    };

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static FleetReading Read(string text)
    {
        var problems = new FleetProblems();
        if (Parse(text, problems) is not { } root) return new FleetReading(null, null, problems.All);
        var json = root.ToJsonString(Readable);
        // Mends what it complains about, so that the rules can look at the rest.
        FleetShape.Check(root, problems);
        var document = root.Deserialize<FleetDocument>(FleetJson.Options)!;
        FleetRules.Check(document, problems);
        return problems.All.Count == 0 ? new FleetReading(document, json, []) : new FleetReading(null, null, problems.All);
    }

    private static JsonObject? Parse(string text, FleetProblems problems)
    {
        try
        {
            if (JsonNode.Parse(text, documentOptions: Lenient) is JsonObject root) return root;
            problems.Add("$", "must be a JSON object", "start with { \"systems\": [ … ] }, as fleet.sample.json does");
        }
        catch (JsonException problem)
        {
            var place = problem.LineNumber is { } line ? $" at line {line + 1}, column {problem.BytePositionInLine + 1}" : "";
            problems.Add("$", problem.Message.Contains("duplicate", StringComparison.OrdinalIgnoreCase) ? "has a name twice in one object" : $"is not JSON{place}", "correct it there; an editor with fleet.schema.json shows it");
        }

        return null;
    }
}
