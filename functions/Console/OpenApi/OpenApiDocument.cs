using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker;

namespace WhatsOps.Console;

/// <summary>OpenAPI 3.1 made from the HTTP triggers themselves, so that no route can be missing; the words come from <see cref="OpenApiOperations"/>.</summary>
internal static class OpenApiDocument
{
    public static JsonObject Build(Assembly app)
    {
        var paths = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var route in HttpRoutes(app))
        {
            if (!paths.TryGetValue(route.Path, out var operations)) paths[route.Path] = operations = [];
            foreach (var method in route.Methods) operations[method] = Operation(route);
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
                ["schemas"] = new JsonObject { ["Problem"] = OpenApiSchemas.Problem() },
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

    private static JsonObject Operation(OpenApiRoute route)
    {
        var words = OpenApiOperations.Find(route.Function);
        var operation = new JsonObject
        {
            ["operationId"] = route.OperationId,
            ["summary"] = words.Summary,
            ["parameters"] = new JsonArray([.. route.Parameters.Select(Parameter), .. words.Query.Select(Query)]),
            ["responses"] = new JsonObject
            {
                [words.Status] = new JsonObject { ["description"] = words.Answer },
                ["default"] = new JsonObject
                {
                    ["description"] = "A problem: what is wrong and how to fix it",
                    ["content"] = new JsonObject
                    {
                        ["application/json"] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/Problem" } },
                    },
                },
            },
            ["security"] = words.IsPublic ? [] : new JsonArray(new JsonObject { [words.Key] = new JsonArray() }),
        };
        if (words.Body.Count > 0)
            operation["requestBody"] = new JsonObject
            {
                ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = OpenApiSchemas.Body(words.Body) } },
            };
        return operation;
    }

    private static JsonObject Parameter(OpenApiParameter parameter) => new()
    {
        ["name"] = parameter.Name, ["in"] = "path", ["required"] = true, ["schema"] = OpenApiSchemas.Of(parameter.Constraint),
    };

    private static JsonObject Query(string name) => new()
    {
        ["name"] = name, ["in"] = "query", ["required"] = false, ["schema"] = new JsonObject { ["type"] = "string" },
    };
}
