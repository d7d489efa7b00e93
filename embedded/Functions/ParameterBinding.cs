using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Embedded.Durable;

namespace WhatsOps.Embedded.Functions;

/// <summary>Decides once, at start, where each parameter of a function comes from.</summary>
internal static class ParameterBinding
{
    public static ParameterBinder[] Of(MethodInfo method, TriggerKind kind, RoutePattern? route, Action<string> problem)
    {
        var nullability = new NullabilityInfoContext();
        return [.. method.GetParameters().Select(parameter =>
            Common(parameter) ?? kind switch
            {
                TriggerKind.Http => Http(parameter, route, nullability),
                TriggerKind.Timer => IsTrigger(parameter) && parameter.ParameterType == typeof(TimerInfo) ? Trigger : null,
                TriggerKind.Orchestration => Orchestration(parameter),
                _ => Activity(parameter),
            } ?? Unsupported(parameter, kind, problem))];
    }

    private static ValueTask<object?> Trigger(InvocationContext context) => new(context.Trigger);

    private static bool IsTrigger(ParameterInfo parameter) => parameter.GetCustomAttribute<TriggerBindingAttribute>() is not null;

    private static ParameterBinder? Common(ParameterInfo parameter)
    {
        if (parameter.ParameterType == typeof(FunctionContext))
            return context => new(context);
        if (parameter.ParameterType == typeof(CancellationToken))
            return context => new(context.CancellationToken);
        if (parameter.ParameterType == typeof(DurableTaskClient) && parameter.IsDefined(typeof(DurableClientAttribute)))
            return context => new(context.InstanceServices.GetRequiredService<DurableTaskClient>());
        return null;
    }

    private static ParameterBinder Unsupported(ParameterInfo parameter, TriggerKind kind, Action<string> problem)
    {
        problem($"parameter '{parameter.Name}' ({parameter.ParameterType.Name}) cannot be bound: " + kind switch
        {
            TriggerKind.Http => "an HTTP function takes [HttpTrigger] HttpRequest, [FromBody] T, values of its route by name, ",
            TriggerKind.Timer => "a timer takes [TimerTrigger] TimerInfo, ",
            TriggerKind.Orchestration => "an orchestrator takes [OrchestrationTrigger] TaskOrchestrationContext, its input, ",
            _ => "an activity takes [ActivityTrigger] T, ",
        } + "[DurableClient] DurableTaskClient, FunctionContext and CancellationToken.");
        return Trigger;
    }

    private static ParameterBinder? Http(ParameterInfo parameter, RoutePattern? route, NullabilityInfoContext nullability)
    {
        var type = parameter.ParameterType;
        if (IsTrigger(parameter))
            return type == typeof(HttpRequest) ? static context => new(context.HttpContext!.Request) : null;
        if (parameter.IsDefined(typeof(FromBodyAttribute)))
        {
            var optional = parameter.HasDefaultValue || nullability.Create(parameter).WriteState == NullabilityState.Nullable;
            return context => ReadBodyAsync(context, type, optional);
        }

        // A template that does not parse is a problem of its own; do not report its parameters too.
        if (route is null)
            return Trigger;
        var name = parameter.Name!;
        if (route.GetParameter(name) is not { } part)
            return null;
        var missing = parameter.HasDefaultValue ? parameter.DefaultValue : null;
        if (part.IsOptional && type.IsValueType && Nullable.GetUnderlyingType(type) is null && !parameter.HasDefaultValue)
            return null;
        var target = Nullable.GetUnderlyingType(type) ?? type;
        return context => new(context.HttpContext!.Request.RouteValues.TryGetValue(name, out var value) && value is not null
            ? Parse(name, Convert.ToString(value, CultureInfo.InvariantCulture)!, target)
            : missing);
    }

    private static ParameterBinder? Orchestration(ParameterInfo parameter)
    {
        if (IsTrigger(parameter))
            return parameter.ParameterType == typeof(TaskOrchestrationContext) ? Trigger : null;
        if (parameter.GetCustomAttributes<BindingAttribute>().Any())
            return null;
        var read = typeof(ParameterBinding).GetMethod(nameof(InputOf), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(parameter.ParameterType).CreateDelegate<Func<TaskOrchestrationContext, object?>>();
        return context => new(read((TaskOrchestrationContext)context.Trigger!));
    }

    private static ParameterBinder? Activity(ParameterInfo parameter)
    {
        if (!IsTrigger(parameter))
            return null;
        var type = parameter.ParameterType;
        if (type == typeof(TaskActivityContext))
            return context => new(new ActivityContext(context));
        return context => new(((ActivityCall)context.Trigger!).Input is { } json ? JsonSerializer.Deserialize(json, type, DurableJson.Options) : null);
    }

    private static object? InputOf<T>(TaskOrchestrationContext context) => context.GetInput<T>();

    private static async ValueTask<object?> ReadBodyAsync(InvocationContext context, Type type, bool optional)
    {
        var request = context.HttpContext!.Request;
        if (optional && request.ContentLength is null or 0 && !request.Headers.ContainsKey("Transfer-Encoding"))
            return null;
        try
        {
            var body = await JsonSerializer.DeserializeAsync(request.Body, type, JsonSerializerOptions.Web, context.CancellationToken);
            return body ?? (optional ? null : throw new InvalidInputException("The body must not be null."));
        }
        catch (JsonException e)
        {
            // Only the place goes to the caller: the message may quote the body.
            throw new InvalidInputException($"The body is not the JSON that is expected here, at {e.Path ?? "$"} (line {e.LineNumber + 1}).", e);
        }
    }

    private static object Parse(string name, string text, Type type)
    {
        try
        {
            return type == typeof(string) ? text
                : type == typeof(Guid) ? Guid.Parse(text)
                : type == typeof(DateTimeOffset) ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
                : type == typeof(DateOnly) ? DateOnly.Parse(text, CultureInfo.InvariantCulture)
                : type.IsEnum ? Enum.Parse(type, text, ignoreCase: true)
                : Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidCastException or ArgumentException)
        {
            throw new InvalidInputException($"'{name}' in the address is not a valid {type.Name}.", e);
        }
    }

    private sealed class ActivityContext(InvocationContext context) : TaskActivityContext
    {
        public override TaskName Name => new(context.Function.TaskName);

        public override string InstanceId => ((ActivityCall)context.Trigger!).InstanceId;
    }
}
