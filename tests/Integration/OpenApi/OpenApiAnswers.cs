using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace WhatsOps.Tests.Integration.OpenApi;

/// <summary>Holds answers against the OpenAPI document: the members that must be there, no other ones, and the type of each.</summary>
internal sealed class OpenApiAnswers(JsonNode document)
{
    /// <returns>What is not as the document says, each with its place.</returns>
    public IReadOnlyList<string> Check(HttpMethod method, string path, int status, JsonNode? answer)
    {
        var operation = Operation(method, path);
        if (operation?["responses"]?[status.ToString(CultureInfo.InvariantCulture)] is not { } response) return [$"{method} {path}: {status} is not in the document"];
        return response["content"]?["application/json"]?["schema"] is { } schema ? [.. Problems(answer, schema, $"{method} {path}")] : [$"{method} {path}: {status} has no schema"];
    }

    private JsonNode? Operation(HttpMethod method, string path)
    {
        var plain = "/" + path.Split('?')[0];
        // What is written out comes before what has a parameter.
        return document["paths"]!.AsObject().OrderBy(item => item.Key.Count(letter => letter == '{'))
            .Where(item => Regex.IsMatch(plain, "^" + Regex.Replace(item.Key, @"\{\w+\}", "[^/]+") + "$"))
            .Select(item => item.Value![method.Method.ToLowerInvariant()]).FirstOrDefault(operation => operation is not null);
    }

    private IEnumerable<string> Problems(JsonNode? value, JsonNode schema, string place)
    {
        if (schema is JsonValue) return [];
        if (schema["$ref"] is { } reference) return Problems(value, Resolve(reference.GetValue<string>()), place);
        if (schema["allOf"] is JsonArray parts) return parts.SelectMany(part => Problems(value, part!, place)).Where(problem => !problem.EndsWith("not in the document", StringComparison.Ordinal));
        if (schema["enum"] is JsonArray names && !names.Any(name => JsonNode.DeepEquals(name, value))) return [$"{place}: {value?.ToJsonString() ?? "null"} is not one of {names.ToJsonString()}"];
        var kinds = schema["type"] switch { JsonArray several => several.Select(kind => kind!.GetValue<string>()).ToList(), JsonNode one => [one.GetValue<string>()], _ => [] };
        if (kinds.Count > 0 && !kinds.Any(kind => Is(value, kind))) return [$"{place}: {value?.ToJsonString() ?? "null"} is no {string.Join(" or ", kinds)}"];
        return value switch
        {
            JsonArray list when schema["items"] is { } items => list.SelectMany((item, index) => Problems(item, items, $"{place}[{index}]")),
            JsonObject members => Members(members, schema, place),
            _ => [],
        };
    }

    private IEnumerable<string> Members(JsonObject members, JsonNode schema, string place)
    {
        foreach (var name in schema["required"]?.AsArray() ?? [])
            if (!members.ContainsKey(name!.GetValue<string>())) yield return $"{place}.{name} is missing";
        foreach (var (name, value) in members)
        {
            var known = schema["properties"]?[name] ?? schema["additionalProperties"];
            if (known is null && schema["properties"] is not null) yield return $"{place}.{name} is not in the document";
            foreach (var problem in known is null ? [] : Problems(value, known, $"{place}.{name}")) yield return problem;
        }
    }

    private JsonNode Resolve(string reference) => reference.Split('/').Skip(1).Aggregate(document, (node, part) => node is JsonArray list ? list[int.Parse(part, CultureInfo.InvariantCulture)]! : node[part]!);

    private static bool Is(JsonNode? value, string kind) => (value?.GetValueKind(), kind) switch
    {
        (null, "null") or (JsonValueKind.Object, "object") or (JsonValueKind.Array, "array") or (JsonValueKind.String, "string") or (JsonValueKind.True or JsonValueKind.False, "boolean") or (JsonValueKind.Number, "number") => true,
        (JsonValueKind.Number, "integer") => value!.GetValue<double>() is var number && Math.Abs(number - Math.Round(number)) < double.Epsilon,
        _ => false,
    };
}
