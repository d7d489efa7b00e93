using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace WhatsOps.Embedded.Functions;

/// <summary>One discovered function: its trigger and how to call it.</summary>
internal sealed class FunctionDescriptor(string name, MethodInfo method, TriggerKind kind, TriggerBindingAttribute trigger) : FunctionDefinition
{
    public override string Name { get; } = name;

    public override string Id => Name;

    public override string EntryPoint { get; } = $"{method.DeclaringType!.FullName}.{method.Name}";

    public override string PathToAssembly => Method.Module.FullyQualifiedName;

    public MethodInfo Method { get; } = method;

    public TriggerKind Kind { get; } = kind;

    public TriggerBindingAttribute Trigger { get; } = trigger;

    /// <summary>How the app calls an orchestrator or activity: the trigger attribute may give another name than the function's.</summary>
    public string TaskName => Trigger switch
    {
        OrchestrationTriggerAttribute { Orchestration: { Length: > 0 } name } => name,
        ActivityTriggerAttribute { Activity: { Length: > 0 } name } => name,
        _ => Name,
    };

    /// <summary>Route template with the prefix, without a leading slash. HTTP functions only.</summary>
    public string Route { get; init; } = "";

    /// <summary>Upper case; empty means every method. HTTP functions only.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    public bool NeedsDurable { get; init; }

    /// <summary>Switched off by the setting AzureWebJobs.NAME.Disabled.</summary>
    public bool IsDisabled { get; init; }

    public required FunctionInvoker Invoker { get; init; }
}
