using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using WhatsOps.Console;

namespace WhatsOps.Tests.Unit.Console;

public sealed partial class OpenApiDocumentTests
{
    private static readonly JsonObject Document = OpenApiDocument.Build(typeof(OpenApiDocument).Assembly);

    [Fact]
    public void Every_http_function_is_in_the_document_and_nothing_else_is()
    {
        // Optional last parts stand in the document as two paths; here both forms are made by hand.
        var expected = Triggers().SelectMany(trigger => trigger.Methods!.SelectMany(method => Paths(trigger.Route!).Select(path => $"{method} {path}")));
        var documented = Document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key} {path.Key}"));

        Assert.Equal(expected.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_path_parameter_is_declared()
    {
        foreach (var (path, operations) in Document["paths"]!.AsObject())
            foreach (var (_, operation) in operations!.AsObject())
            {
                var declared = operation!["parameters"]!.AsArray().Where(parameter => parameter!["in"]!.GetValue<string>() == "path").Select(parameter => parameter!["name"]!.GetValue<string>());
                Assert.Equal(Braces().Matches(path).Select(brace => brace.Groups[1].Value), declared);
            }
    }

    [Fact]
    public void Operation_ids_are_unique()
    {
        var ids = Document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(operation => operation.Value!["operationId"]!.GetValue<string>()).ToList();

        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void Only_what_must_be_open_asks_for_no_key()
    {
        var open = Document["paths"]!.AsObject().Where(path => path.Value!.AsObject().Any(operation => operation.Value!["security"]!.AsArray().Count == 0)).Select(path => path.Key);

        Assert.All(open, path => Assert.True(
            path.StartsWith("/api/whatsapp/webhook/", StringComparison.Ordinal) || path.StartsWith("/api/health/", StringComparison.Ordinal) || path == "/api/openapi.json"
            // Meta proves itself: by the verify token, and by the signature of the app's secret.
            || path == "/api/meta/webhook/{system}"
            // Its token is the key: random, for one finding, for two hours.
            || path == "/api/alerts/ack/{token}"
            // The same for one run's pairing, for half an hour.
            || path is "/api/pair/{token}" or "/api/pair/{token}/code", path));
    }

    [Fact]
    public void Every_http_function_has_words_of_its_own_and_no_words_are_left_over() =>
        Assert.Equal(Functions().Order(StringComparer.Ordinal), OpenApiOperations.Known.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Whoever_reads_a_body_says_which_and_nobody_else_does()
    {
        var readers = BodyReaders.Find();

        Assert.True(readers.Count > 15, string.Join(", ", readers));
        Assert.Equal(
            readers.OrderBy(reader => reader.Key, StringComparer.Ordinal).Select(reader => $"{reader.Key} {reader.Value ?? nameof(JsonObject)}"),
            OpenApiOperations.Known.Where(known => known.Value.Body is not null).OrderBy(known => known.Key, StringComparer.Ordinal).Select(known => $"{known.Key} {known.Value.Body!.Name}"));
        foreach (var (_, operation) in Operations())
            Assert.Equal(OpenApiOperations.Known[FunctionOf(operation)].Body is not null, operation["requestBody"] is not null);
    }

    [Fact]
    public void A_body_has_the_types_that_are_read_and_says_what_must_be_there()
    {
        var body = Body("ReplayDeliveries");

        Assert.Equal(["system"], body["required"]!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.Equal("string", body["properties"]!["system"]!["type"]!.GetValue<string>());
        Assert.Equal("""["string","null"]""", body["properties"]!["tenant"]!["type"]!.ToJsonString());
        Assert.Equal("""{"type":["array","null"],"items":{"type":"string","format":"uuid"}}""", body["properties"]!["ids"]!.ToJsonString());
        Assert.Equal("date-time", body["properties"]!["from"]!["format"]!.GetValue<string>());
        Assert.Equal("boolean", body["properties"]!["onlyDead"]!["type"]!.GetValue<string>());
        Assert.Equal("integer", Body("StartEmergency")["properties"]!["finding"]!["type"]!.GetValue<string>());
        Assert.Equal(["from", "system", "tenant", "to"], Body("BackfillEvents")["required"]!.AsArray().Select(name => name!.GetValue<string>()).Order(StringComparer.Ordinal));
        foreach (var (function, words) in OpenApiOperations.Known.Where(known => known.Value.Body is not null && known.Value.Body != typeof(JsonObject)))
            Assert.All(words.Required, name => Assert.True(Body(function)["properties"]![name] is not null, $"{function} {name}"));
    }

    [Fact]
    public void An_answer_has_the_names_enums_and_nulls_that_are_sent()
    {
        var finding = Document["components"]!["schemas"]!["Finding"]!;

        Assert.Equal("integer", finding["properties"]!["id"]!["type"]!.GetValue<string>());
        Assert.Equal("""["open","acknowledged","silenced","accepted","closed"]""", finding["properties"]!["state"]!["enum"]!.ToJsonString());
        Assert.Equal("""["string","null"]""", finding["properties"]!["tenant"]!["type"]!.ToJsonString());
        Assert.Equal("date-time", finding["properties"]!["openedAt"]!["format"]!.GetValue<string>());
        Assert.Null(finding["properties"]!["trace"]);
        Assert.Equal("""{"type":"array","items":{"$ref":"#/components/schemas/Finding"}}""", Answer("ListFindings", "200").ToJsonString());
        Assert.Equal("#/components/schemas/RunView", Answer("StartRunbook", "202")["$ref"]!.GetValue<string>());
        Assert.Equal("#/components/schemas/PlanView", Answer("StartRunbook", "200")["$ref"]!.GetValue<string>());
    }

    [Fact]
    public void Every_reference_leads_somewhere_and_every_success_says_what_it_answers()
    {
        var references = All(Document).Where(node => node["$ref"] is JsonValue).Select(node => node["$ref"]!.GetValue<string>()).ToList();

        Assert.NotEmpty(references);
        Assert.All(references.Distinct(), reference => Assert.True(Resolve(reference) is not null, reference));
        foreach (var (name, operation) in Operations())
            foreach (var (status, response) in operation["responses"]!.AsObject())
                Assert.True(response!["content"] is not null || name == "AlertmanagerNotification", $"{name} {status}");
    }

    private static JsonNode Body(string operation) => Operation(operation)["requestBody"]!["content"]!["application/json"]!["schema"]!;

    private static JsonNode Answer(string operation, string status) => Operation(operation)["responses"]![status]!["content"]!["application/json"]!["schema"]!;

    private static JsonNode Operation(string name) => Operations().Single(operation => operation.Name == name).Operation;

    private static IEnumerable<(string Name, JsonNode Operation)> Operations() =>
        Document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(operation => (operation.Value!["operationId"]!.GetValue<string>(), operation.Value!));

    // An optional last part of a route makes a second operation, …With….
    private static string FunctionOf(JsonNode operation)
    {
        var id = operation["operationId"]!.GetValue<string>();
        return OpenApiOperations.Known.ContainsKey(id) ? id : id[..id.LastIndexOf("With", StringComparison.Ordinal)];
    }

    private static JsonNode? Resolve(string reference)
    {
        JsonNode? node = Document;
        foreach (var part in reference.Split('/').Skip(1)) node = node is JsonArray list ? list[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)] : node?[part];
        return node;
    }

    private static IEnumerable<JsonObject> All(JsonNode? node) => node switch
    {
        JsonObject one => one.SelectMany(member => All(member.Value)).Prepend(one),
        JsonArray list => list.SelectMany(All),
        _ => [],
    };

    private static IEnumerable<string> Functions() =>
        typeof(OpenApiDocument).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .Where(method => method.GetParameters().Any(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>() is not null))
            .Select(method => method.GetCustomAttribute<FunctionAttribute>()?.Name).OfType<string>();

    private static IEnumerable<HttpTriggerAttribute> Triggers() =>
        typeof(OpenApiDocument).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null)
            .SelectMany(method => method.GetParameters()).Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).OfType<HttpTriggerAttribute>();

    private static IEnumerable<string> Paths(string route)
    {
        var plain = "/api/" + Constraint().Replace(route, "}");
        var last = plain[(plain.LastIndexOf('/') + 1)..];
        if (!last.StartsWith("{*", StringComparison.Ordinal) && !last.EndsWith("?}", StringComparison.Ordinal)) return [plain];
        return [plain[..^(last.Length + 1)], plain[..^last.Length] + last.Replace("*", "", StringComparison.Ordinal).Replace("?", "", StringComparison.Ordinal)];
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Braces();

    [GeneratedRegex(@":\w+\}")]
    private static partial Regex Constraint();
}
