using System.Collections.ObjectModel;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Embedded.Functions;

/// <summary>
/// The host's own <see cref="FunctionContext"/>. Everything that few functions ask for is made on first use, because one is made
/// for every request.
/// </summary>
internal sealed class InvocationContext(
    FunctionDescriptor function, IServiceProvider services, object? trigger, CancellationToken cancellation) : FunctionContext
{
    private string? invocationId;
    private Trace? trace;
    private IDictionary<object, object>? items;

    public FunctionDescriptor Function { get; } = function;

    /// <summary>What the trigger brought: HttpContext, TimerInfo, TaskOrchestrationContext or <see cref="ActivityCall"/>.</summary>
    public object? Trigger { get; } = trigger;

    public HttpContext? HttpContext => Trigger as HttpContext;

    public object? Result { get; set; }

    public override string InvocationId => invocationId ??=
        Guid.CreateVersion7(InstanceServices.GetRequiredService<TimeProvider>().GetUtcNow()).ToString();

    public override string FunctionId => Function.Id;

    public override TraceContext TraceContext => trace ??= new Trace(Activity.Current);

    public override BindingContext BindingContext => new Bindings(HttpContext?.Request.RouteValues);

    public override RetryContext RetryContext => FirstAttempt.Instance;

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override FunctionDefinition FunctionDefinition => Function;

    public override IDictionary<object, object> Items
    {
        get => items ??= new Dictionary<object, object>();
        set => items = value;
    }

    public override CancellationToken CancellationToken => cancellation;

    private sealed class Trace(Activity? activity) : TraceContext
    {
        public override string TraceParent { get; } = activity?.Id ?? "";

        public override string TraceState { get; } = activity?.TraceStateString ?? "";
    }

    private sealed class Bindings(IReadOnlyDictionary<string, object?>? values) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData { get; } = values ?? ReadOnlyDictionary<string, object?>.Empty;
    }

    private sealed class FirstAttempt : RetryContext
    {
        public static readonly FirstAttempt Instance = new();

        public override int RetryCount => 0;

        public override int MaxRetryCount => 0;
    }
}
