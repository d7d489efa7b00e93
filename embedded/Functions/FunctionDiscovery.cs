using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Embedded.Hosting;
using WhatsOps.Embedded.Http;
using WhatsOps.Embedded.Timers;

namespace WhatsOps.Embedded.Functions;

/// <summary>
/// Finds the functions by reflection and checks everything that can be checked before the first invocation.
/// Problems are collected, not thrown: whoever fixes the app sees all of them at once, each with Class.Method.
/// </summary>
internal sealed partial class FunctionDiscovery(IConfiguration configuration, HostSettings settings, ICollection<string> problems)
{
    private const BindingFlags EveryMethod =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private readonly List<ConstructorInfo> constructors = [];

    public FunctionCatalog Discover(IEnumerable<Type> types)
    {
        var found = new List<FunctionDescriptor>();
        foreach (var type in types)
        {
            if (!type.IsClass || type.Name.StartsWith('<'))
                continue;
            foreach (var method in type.GetMethods(EveryMethod))
            {
                if (method.IsDefined(typeof(FunctionAttribute), inherit: false) && Describe(type, method) is { } function)
                    found.Add(function);
            }
        }

        foreach (var same in found.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            problems.Add($"Function name '{same.Key}' is used more than once: {string.Join(", ", same.Select(f => f.EntryPoint))}.");
        HttpRoutes.CheckOverlaps(found, problems);
        return new FunctionCatalog([.. found.DistinctBy(f => f.Name, StringComparer.OrdinalIgnoreCase)]);
    }

    /// <summary>Constructor parameters that nobody registered would otherwise show at the first invocation only.</summary>
    public void CheckServices(IServiceProviderIsService registered)
    {
        foreach (var constructor in constructors.Distinct())
        {
            foreach (var parameter in constructor.GetParameters())
            {
                if (!parameter.HasDefaultValue && !parameter.IsDefined(typeof(FromKeyedServicesAttribute)) && !registered.IsService(parameter.ParameterType))
                    problems.Add($"{constructor.DeclaringType!.Name}: the constructor needs {parameter.ParameterType}, which no service registration provides.");
            }
        }
    }

    private FunctionDescriptor? Describe(Type type, MethodInfo method)
    {
        var place = $"{type.Name}.{method.Name}";
        var before = problems.Count;
        void Problem(string text) => problems.Add($"{place}: {text}");

        var name = method.GetCustomAttribute<FunctionAttribute>()!.Name;
        if (!FunctionName().IsMatch(name))
            Problem($"'{name}' is not a function name: a letter, then up to 127 letters, digits, '_' or '-'.");
        if (!type.IsVisible || !method.IsPublic)
            Problem("the class and the method must be public, or the official host does not find the function.");
        if (method.IsGenericMethodDefinition || type.ContainsGenericParameters)
            Problem("a function cannot be generic.");
        CheckReturn(method, Problem);

        var triggers = method.GetParameters().Where(p => p.GetCustomAttribute<TriggerBindingAttribute>() is not null).ToArray();
        if (triggers.Length != 1)
        {
            Problem($"needs exactly one trigger parameter, has {triggers.Length}.");
            return null;
        }

        var constructor = ConstructorOf(type, method, Problem);
        var trigger = triggers[0].GetCustomAttribute<TriggerBindingAttribute>()!;
        var kind = trigger switch
        {
            HttpTriggerAttribute => TriggerKind.Http,
            TimerTriggerAttribute => TriggerKind.Timer,
            OrchestrationTriggerAttribute => TriggerKind.Orchestration,
            _ => TriggerKind.Activity,
        };
        RoutePattern? pattern = null;
        var template = "";
        if (trigger is HttpTriggerAttribute http)
        {
            template = HttpRoutes.Template(settings.RoutePrefix, http.Route ?? name);
            pattern = HttpRoutes.Parse(settings.RoutePrefix, http.Route ?? name, Problem);
            if (http.AuthLevel is not (AuthorizationLevel.Anonymous or AuthorizationLevel.Function or AuthorizationLevel.Admin))
                Problem($"AuthorizationLevel.{http.AuthLevel} is not supported: use Anonymous, Function or Admin.");
        }
        else if (trigger is TimerTriggerAttribute timer)
        {
            TimerSchedule.TryParse(timer.Schedule, configuration, Problem, out _);
        }

        var binders = ParameterBinding.Of(method, kind, pattern, Problem);
        if (problems.Count > before)
            return null;
        return new FunctionDescriptor(name, method, kind, trigger)
        {
            Route = template,
            Methods = [.. ((trigger as HttpTriggerAttribute)?.Methods ?? []).Select(m => m.ToUpperInvariant())],
            NeedsDurable = method.GetParameters().Any(p => p.IsDefined(typeof(DurableClientAttribute))),
            IsDisabled = IsOn($"AzureWebJobs.{name}.Disabled") || IsOn($"AzureWebJobs:{name}:Disabled"),
            Invoker = new FunctionInvoker(method, constructor, binders),
        };
    }

    private bool IsOn(string key) => configuration[key] is "1" or "true" or "True";

    private ConstructorInfo? ConstructorOf(Type type, MethodInfo method, Action<string> problem)
    {
        if (method.IsStatic)
            return null;
        if (type.IsAbstract || type.GetConstructors() is not [var constructor])
        {
            problem("the class must not be abstract and needs exactly one public constructor.");
            return null;
        }

        constructors.Add(constructor);
        return constructor;
    }

    private static void CheckReturn(MethodInfo method, Action<string> problem)
    {
        var type = method.ReturnType;
        if (type == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)))
            problem("async void cannot be awaited: return Task.");
        else if (type == typeof(ValueTask) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>)))
            problem("the official worker does not await ValueTask: return Task.");
        if (method.GetParameters().Any(p => p.ParameterType.IsByRef))
            problem("ref, in and out parameters are not supported.");
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,127}$")]
    private static partial Regex FunctionName();
}
