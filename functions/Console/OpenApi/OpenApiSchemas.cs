using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace WhatsOps.Console;

/// <summary>
/// The JSON schemas of the document, asked of the serializer that writes the answers: names, enums and nulls are as they are sent. Each view is one component,
/// made when it is first named.
/// </summary>
internal sealed class OpenApiSchemas
{
    private const string Place = "#/components/schemas/";

    // What reads "12" as a number need not be told to those who send it.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Web) { NumberHandling = JsonNumberHandling.Strict, TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
    private static readonly JsonSchemaExporterOptions NotNull = new() { TreatNullObliviousAsNonNullable = true };
    private readonly Dictionary<string, Type> types = [];
    private readonly SortedDictionary<string, JsonNode?> components = new(StringComparer.Ordinal) { ["Problem"] = Problem() };

    public JsonObject Components() => new(components);

    /// <summary>A reference to the schema of an answer, or the list of such.</summary>
    public JsonObject Of(Type type)
    {
        if (type == typeof(JsonObject)) return new() { ["type"] = "object" };
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)) return new() { ["type"] = "array", ["items"] = Of(type.GenericTypeArguments[0]) };
        if (types.TryAdd(type.Name, type)) components[type.Name] = Export(type, Place + type.Name);
        else if (types[type.Name] != type) throw new InvalidOperationException($"Two views are named {type.Name}: {type} and {types[type.Name]}.");
        return Named(type.Name);
    }

    /// <summary>The schema of a body; what may be left out may be null.</summary>
    public static JsonObject Body(Type type, IReadOnlyList<string> required)
    {
        if (type == typeof(JsonObject)) return new() { ["type"] = "object" };
        var schema = Export(type, "");
        var members = schema["properties"]!.AsObject();
        foreach (var name in required) members[name]!["type"] = members[name]!["type"] is JsonArray kinds ? kinds[0]!.DeepClone() : members[name]!["type"]!.DeepClone();
        schema["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]);
        return schema;
    }

    /// <summary>The schema of a query parameter by its name, which is used for the same everywhere.</summary>
    public static JsonObject Query(string name) => new()
    {
        ["type"] = name switch { "limit" or "days" or "minutes" => "integer", "dryRun" or "open" or "includeClosed" => "boolean", _ => "string" },
    };

    /// <summary>The schema of a route constraint.</summary>
    public static JsonObject Of(string? constraint) => constraint switch
    {
        "int" or "long" => new JsonObject { ["type"] = "integer" },
        "guid" => new JsonObject { ["type"] = "string", ["format"] = "uuid" },
        _ => new JsonObject { ["type"] = "string" },
    };

    public static JsonObject Named(string name) => new() { ["$ref"] = Place + name };

    private static JsonObject Export(Type type, string place)
    {
        var schema = Options.GetJsonSchemaAsNode(type, NotNull).AsObject();
        Move(schema, place);
        return schema;
    }

    // A type that comes again is a reference from the root of its own schema, which lies elsewhere in the document.
    private static void Move(JsonNode? node, string place)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list) Move(item, place);
        }
        else if (node is JsonObject schema)
        {
            if (schema["$ref"] is JsonValue target) schema["$ref"] = place + target.GetValue<string>()[1..];
            foreach (var (_, value) in schema.ToList()) Move(value, place);
        }
    }

    private static JsonObject Problem() => new()
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

    private static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };

    private static JsonObject Nullable(string description) => new() { ["type"] = new JsonArray("string", "null"), ["description"] = description };
}
