using System.Text.Json.Nodes;

namespace WhatsOps.Console;

/// <summary>The few JSON schemas the document needs.</summary>
internal static class OpenApiSchemas
{
    public static JsonObject Problem() => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("error"),
        ["properties"] = new JsonObject
        {
            ["error"] = Text("What is wrong, one sentence"),
            ["field"] = Nullable("JSON path of the offending value"),
            ["fix"] = Nullable("What to do about it"),
        },
    };

    /// <summary>A body of text members; a name that ends with ? may be left out.</summary>
    public static JsonObject Body(IReadOnlyList<string> members) => members is ["*"]
        ? new JsonObject { ["type"] = "object" }
        : new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray([.. members.Where(member => !member.EndsWith('?')).Select(member => (JsonNode)member)]),
            ["properties"] = new JsonObject(members.Select(member => KeyValuePair.Create(member.TrimEnd('?'), (JsonNode?)new JsonObject { ["type"] = "string" }))),
        };

    /// <summary>The schema of a route constraint.</summary>
    public static JsonObject Of(string? constraint) => constraint switch
    {
        "int" or "long" => new JsonObject { ["type"] = "integer" },
        "guid" => new JsonObject { ["type"] = "string", ["format"] = "uuid" },
        _ => new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };

    private static JsonObject Nullable(string description) => new() { ["type"] = new JsonArray("string", "null"), ["description"] = description };
}
