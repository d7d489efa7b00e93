using WhatsOps.Fleet;
using WhatsOps.Gateways.TaktChat;

namespace WhatsOps.Runbooks;

/// <summary>Plans runs: lets the runbook look at what its plan must show, then writes the plan.</summary>
public sealed class RunPlans(IFleet fleet, IServiceProvider services)
{
    /// <exception cref="ProblemException">The runbook refuses the target, and why.</exception>
    public async Task<Plan> MakeAsync(Runbook runbook, RunTarget target, CancellationToken cancellation)
    {
        var system = (await fleet.CurrentAsync(cancellation))?.System(target.System)
            ?? throw new ProblemException(409, $"System {target.System} is no longer in the fleet.", "$.system", "List them: whatsops fleet show.");
        var gateway = system.Gateways.FirstOrDefault(candidate => candidate.Name == target.Gateway);
        if ((runbook.RefusalOf(system, gateway) ?? TaktChatAccounts.RefusalOf(system, gateway, target.Instance)) is { } why)
            throw new ProblemException(409, $"Runbook {runbook.Name} cannot run on {system.Name}, a system of kind {system.Kind}: {why}.", "$.system", "docs/gateways.md lists what works on which gateway.");
        return Planner.Plan(runbook, await runbook.PrepareAsync(services, system, target, cancellation), system.Kind);
    }
}
