using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WhatsOps.Embedded.Functions;

namespace WhatsOps.Embedded.Http;

/// <summary>Checks route templates before the first request would stumble over them.</summary>
internal static class HttpRoutes
{
    private static readonly DefaultInlineConstraintResolver Constraints =
        new(Options.Create(new RouteOptions()), new ServiceCollection().BuildServiceProvider());

    public static string Template(string prefix, string route) => $"{prefix}/{route.Trim('/')}".Trim('/');

    public static RoutePattern? Parse(string prefix, string route, Action<string> problem)
    {
        var first = route.Trim('/').Split('/')[0];
        if (first.Equals("admin", StringComparison.OrdinalIgnoreCase) || (prefix.Length == 0 && first is "runtime" or "Runtime"))
        {
            problem($"route '{route}' is under '{first}', which the host keeps for itself.");
            return null;
        }

        try
        {
            var pattern = RoutePatternFactory.Parse(Template(prefix, route));
            foreach (var parameter in pattern.Parameters)
            {
                foreach (var policy in parameter.ParameterPolicies)
                {
                    if (policy.Content is { } text && Constraints.ResolveConstraint(text) is null)
                        problem($"route '{route}': constraint '{text}' does not exist.");
                }
            }

            return pattern;
        }
        catch (Exception e) when (e is RoutePatternException or RouteCreationException)
        {
            problem($"route '{route}' is not valid: {e.Message}");
            return null;
        }
    }

    /// <summary>Two functions must not want the same request; which one answered would be a guess.</summary>
    public static void CheckOverlaps(IEnumerable<FunctionDescriptor> functions, ICollection<string> problems)
    {
        foreach (var same in functions.Where(f => f.Kind == TriggerKind.Http).GroupBy(Shape, StringComparer.OrdinalIgnoreCase))
        {
            var taken = new Dictionary<string, FunctionDescriptor>(StringComparer.Ordinal);
            foreach (var function in same)
            {
                foreach (var method in function.Methods.Count == 0 ? ["*"] : function.Methods)
                {
                    var other = taken.GetValueOrDefault(method) ?? taken.GetValueOrDefault("*") ?? (method == "*" ? taken.Values.FirstOrDefault() : null);
                    if (other is not null && other != function)
                        problems.Add($"{function.EntryPoint}: route '{function.Route}' with {method} already belongs to {other.EntryPoint}.");
                    taken.TryAdd(method, function);
                }
            }
        }
    }

    /// <summary>The template without parameter names: /runs/{id} and /runs/{name} want the same requests.</summary>
    private static string Shape(FunctionDescriptor function) =>
        string.Join('/', RoutePatternFactory.Parse(function.Route).PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart parameter =>
                "{" + string.Join(',', parameter.ParameterPolicies.Select(p => p.Content)) + (parameter.IsCatchAll ? "*" : "") + "}",
            _ => "?",
        }))));
}
