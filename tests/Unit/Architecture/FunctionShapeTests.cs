using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using WhatsOps.Database;

namespace WhatsOps.Tests.Unit.Architecture;

/// <summary>What the official build demands of functions and what the embedded host would not notice.</summary>
public sealed class FunctionShapeTests
{
    private static readonly List<MethodInfo> Functions = [.. typeof(Migrator).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null)];

    [Fact]
    public void Function_classes_and_methods_are_public_because_the_official_generators_want_them_so()
    {
        var hidden = Functions.Where(method => !method.IsPublic || !(method.DeclaringType!.IsPublic || method.DeclaringType.IsNestedPublic))
            .Select(method => $"{method.DeclaringType!.FullName}.{method.Name}");
        Assert.Empty(hidden);
    }

    [Fact]
    public void Function_names_are_unique_over_the_app_ignoring_case()
    {
        var twice = Functions.GroupBy(method => method.GetCustomAttribute<FunctionAttribute>()!.Name, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1).Select(group => group.Key);
        Assert.Empty(twice);
    }

    [Fact]
    public void Orchestrators_take_nothing_but_their_context_and_input()
    {
        var impure = Functions
            .Where(method => method.GetParameters().Any(parameter => parameter.GetCustomAttribute<OrchestrationTriggerAttribute>() is not null))
            .Where(method => method.GetParameters().Any(parameter => parameter.ParameterType == typeof(CancellationToken)
                || parameter.GetCustomAttribute<DurableClientAttribute>() is not null))
            .Select(method => $"{method.DeclaringType!.FullName}.{method.Name}");
        Assert.Empty(impure);
    }
}
