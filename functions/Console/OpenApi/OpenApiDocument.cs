using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker;

namespace WhatsOps.Console;

/// <summary>OpenAPI 3.1 made from the HTTP triggers themselves, so that no route can be missing; the words come from <see cref="OpenApiOperations"/>.</summary>
internal static class OpenApiDocument
{
    public static JsonObject Build(Assembly app)
    {
        var schemas = new OpenApiSchemas();
        var paths = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var route in HttpRoutes(app))
        {
            if (!paths.TryGetValue(route.Path, out var operations)) paths[route.Path] = operations = [];
            foreach (var method in route.Methods) operations[method] = Operation(route, schemas);
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "WhatsOps", ["version"] = app.GetName().Version?.ToString(3) ?? "0.0.0" },
            ["paths"] = new JsonObject(paths.Select(path => KeyValuePair.Create(path.Key, (JsonNode?)path.Value))),
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["operator"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "x-whatsops-key" },
                    ["alertmanager"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                    ["scraper"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                },
                ["schemas"] = schemas.Components(),
            },
        };
    }

    private static IEnumerable<OpenApiRoute> HttpRoutes(Assembly app) =>
        from type in app.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        from parameter in method.GetParameters()
        let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
        where trigger is not null
        from route in OpenApiRoute.Of(function.Name, trigger)
        select route;

    private static JsonObject Operation(OpenApiRoute route, OpenApiSchemas schemas)
    {
        var words = OpenApiOperations.Known[route.Function];
        var responses = new JsonObject { [words.Status] = Success(words, schemas) };
        if (words.Plan is { } plan) responses["200"] = new JsonObject { ["description"] = "What it would do (dryRun=true)", ["content"] = Json(schemas.Of(plan)) };
        responses["default"] = new JsonObject { ["description"] = "A problem: what is wrong and how to fix it", ["content"] = Json(OpenApiSchemas.Named("Problem")) };
        var operation = new JsonObject
        {
            ["operationId"] = route.OperationId,
            ["summary"] = words.Summary,
            ["parameters"] = new JsonArray([.. route.Parameters.Select(Parameter), .. words.Query.Select(Query)]),
            ["responses"] = responses,
            ["security"] = words.IsPublic ? [] : new JsonArray(new JsonObject { [words.Key] = new JsonArray() }),
        };
        if (words.Body is { } body)
            operation["requestBody"] = new JsonObject
            {
                // Where no member must be there, the whole may be left out; a free object is the thing itself.
                ["required"] = words.Required.Count > 0 || body == typeof(JsonObject),
                ["content"] = Json(OpenApiSchemas.Body(body, words.Required)),
            };
        return operation;
    }

    private static JsonObject Success(OpenApiOperation words, OpenApiSchemas schemas)
    {
        var success = new JsonObject { ["description"] = words.Answer };
        var content = words.Json is { } json ? Json(With(words.More, schemas.Of(json), schemas)) : [];
        foreach (var type in words.Media) content[type] = new JsonObject();
        if (content.Count > 0) success["content"] = content;
        return success;
    }

    private static JsonObject With(IReadOnlyDictionary<string, Type> more, JsonObject schema, OpenApiSchemas schemas) => more.Count == 0 ? schema : new()
    {
        ["allOf"] = new JsonArray(schema, new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray([.. more.Keys.Select(name => (JsonNode)name)]),
            ["properties"] = new JsonObject(more.Select(member => KeyValuePair.Create(member.Key, (JsonNode?)schemas.Of(member.Value)))),
        }),
    };

    private static JsonObject Json(JsonObject schema) => new() { ["application/json"] = new JsonObject { ["schema"] = schema } };

    private static JsonObject Parameter(OpenApiParameter parameter) => new()
    {
        ["name"] = parameter.Name, ["in"] = "path", ["required"] = true, ["schema"] = OpenApiSchemas.Of(parameter.Constraint),
    };

    private static JsonObject Query(string name) => new()
    {
        ["name"] = name, ["in"] = "query", ["required"] = false, ["schema"] = OpenApiSchemas.Query(name),
    };
}
