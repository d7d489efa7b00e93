using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Embedded.Functions;

/// <summary>Makes one argument out of an invocation.</summary>
internal delegate ValueTask<object?> ParameterBinder(InvocationContext context);

/// <summary>
/// Calls a function's method. Everything reflective is prepared once; MethodInvoker and ConstructorInvoker cost no compilation at
/// start, unlike expression trees, and throw the method's own exceptions unwrapped.
/// </summary>
internal sealed class FunctionInvoker
{
    private readonly MethodInvoker method;
    private readonly ConstructorInvoker? constructor;
    private readonly Func<IServiceProvider, object?>[] services;
    private readonly ParameterBinder[] binders;
    private readonly Func<Task, object?>? readResult;

    public FunctionInvoker(MethodInfo method, ConstructorInfo? constructor, ParameterBinder[] binders)
    {
        this.method = MethodInvoker.Create(method);
        this.constructor = constructor is null ? null : ConstructorInvoker.Create(constructor);
        services = constructor is null ? [] : [.. constructor.GetParameters().Select(ServiceOf)];
        this.binders = binders;
        if (method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(Task<>))
        {
            readResult = typeof(FunctionInvoker).GetMethod(nameof(ResultOf), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(method.ReturnType.GenericTypeArguments[0]).CreateDelegate<Func<Task, object?>>();
        }
    }

    /// <summary>
    /// No ConfigureAwait anywhere on this path: an orchestrator's continuations must stay on the engine's scheduler.
    /// </summary>
    public async ValueTask<object?> InvokeAsync(InvocationContext context)
    {
        var arguments = binders.Length == 0 ? [] : new object?[binders.Length];
        for (var i = 0; i < binders.Length; i++)
            arguments[i] = await binders[i](context);

        var target = Create(context.InstanceServices);
        try
        {
            var returned = method.Invoke(target, arguments.AsSpan());
            if (returned is not Task task)
                return returned;
            await task;
            return readResult?.Invoke(task);
        }
        finally
        {
            if (target is IAsyncDisposable later)
                await later.DisposeAsync();
            else
                (target as IDisposable)?.Dispose();
        }
    }

    private object? Create(IServiceProvider provider)
    {
        if (constructor is null)
            return null;
        if (services.Length == 0)
            return constructor.Invoke();
        var arguments = new object?[services.Length];
        for (var i = 0; i < arguments.Length; i++)
            arguments[i] = services[i](provider);
        return constructor.Invoke(arguments.AsSpan());
    }

    private static Func<IServiceProvider, object?> ServiceOf(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed)
            return provider => ((IKeyedServiceProvider)provider).GetRequiredKeyedService(type, keyed.Key);
        if (parameter.HasDefaultValue)
            return provider => provider.GetService(type) ?? parameter.DefaultValue;
        return provider => provider.GetRequiredService(type);
    }

    private static object? ResultOf<T>(Task task) => ((Task<T>)task).Result;
}
