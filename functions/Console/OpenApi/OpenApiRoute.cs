using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;

namespace WhatsOps.Console;

/// <summary>A path parameter and the route constraint that says its type.</summary>
internal sealed record OpenApiParameter(string Name, string? Constraint);

/// <summary>One path of one function. OpenAPI has no optional path parts, so a route that ends with one (or with a catch-all) gives two.</summary>
internal sealed partial record OpenApiRoute(string Function, string OperationId, string Path, IReadOnlyList<string> Methods, IReadOnlyList<OpenApiParameter> Parameters)
{
    public static IEnumerable<OpenApiRoute> Of(string function, HttpTriggerAttribute trigger)
    {
        var methods = (trigger.Methods ?? ["get", "post"]).Select(method => method.ToLowerInvariant()).ToList();
        var route = trigger.Route ?? function;
        var optional = OptionalPart().Match(route);
        if (!optional.Success)
        {
            yield return Make(function, function, route, methods);
            yield break;
        }

        var last = optional.Groups[1].Success ? optional.Groups[1].Value : optional.Groups[2].Value;
        yield return Make(function, function, route[..optional.Index], methods);
        yield return Make(function, $"{function}With{char.ToUpperInvariant(last[0])}{last[1..]}", route[..optional.Index] + $"/{{{last}}}", methods);
    }

    private static OpenApiRoute Make(string function, string operation, string route, IReadOnlyList<string> methods)
    {
        var parameters = Part().Matches(route).Select(part => new OpenApiParameter(part.Groups[1].Value, part.Groups[2].Success ? part.Groups[2].Value : null));
        return new OpenApiRoute(function, operation, "/api/" + Part().Replace(route, "{$1}").TrimEnd('/'), methods, [.. parameters]);
    }

    [GeneratedRegex(@"\{(\w+)(?::(\w+)[^}]*)?\}")]
    private static partial Regex Part();

    [GeneratedRegex(@"/\{(?:\*{1,2}(\w+)|(\w+)(?::\w+)?\?)\}$")]
    private static partial Regex OptionalPart();
}
