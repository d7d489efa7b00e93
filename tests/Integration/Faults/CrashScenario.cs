using WhatsOps.Runbooks;
using WhatsOps.Simulator;
using WhatsOps.Tests.Integration.Runbooks;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>One way through a runbook. It is walked once undisturbed, and then once for each moment of what it walked, dying there.</summary>
/// <param name="Ends">How every one of those runs must end, whatever the moment of its death.</param>
/// <param name="SeedAsync">Makes the place of the run with this slug.</param>
internal sealed record CrashScenario(string Name, Runbook Runbook, RunState Ends, Func<ResetRig, string, Task> SeedAsync)
{
    /// <summary>What the gateway does wrong; null nothing.</summary>
    public Fault? Fault { get; init; }

    /// <summary>Done once to the product; null nothing.</summary>
    public Func<ResetRig, Task>? PrepareAsync { get; init; }

    public IReadOnlyDictionary<string, string>? Parameters { get; init; }

    /// <summary>What must hold afterwards beside <see cref="Ends"/>.</summary>
    public Func<ResetRig, string, Task> CheckAsync { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>The exact names of the instances that the run with this slug may touch.</summary>
    public Func<string, IReadOnlyList<string>> Touches { get; init; } = slug => [$"revalya-{slug}"];

    /// <summary>Whether the product's rows must be as before.</summary>
    public bool KeepsRows { get; init; }

    public override string ToString() => $"{Runbook.Name}: {Name}";

    /// <summary>Opens the run with this number.</summary>
    public Task<Run> OpenAsync(ResetRig rig, string slug, int number) => Runbook.Scope == RunbookScope.Gateway
        ? rig.OpenForGatewayAsync(Runbook, $"evo-{number + 1}", Parameters)
        : rig.OpenAsync(Runbook, slug, Parameters);
}
