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
