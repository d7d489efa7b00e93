using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>
/// A runbook is its list of steps. The plan, the execution, the compensation, the progress and the crash points of the tests all come
/// from that one list; see docs/runbooks.md for how to write one.
/// </summary>
public abstract class Runbook
{
    /// <summary>kebab-case: the name in routes, findings' remedies and commands.</summary>
    public abstract string Name { get; }

    /// <summary>Counts up with every change of the steps; runs in flight keep the version they were planned with.</summary>
    public abstract int Version { get; }

    /// <summary>Name of the orchestrator function in the runbook's own file.</summary>
    public abstract string Orchestrator { get; }

    public abstract string Summary { get; }

    public abstract IReadOnlyList<Step> Steps { get; }

    public virtual RunbookScope Scope => RunbookScope.Tenant;

    public virtual IReadOnlyList<RunbookParameter> Parameters => [];

    /// <summary>
    /// Whether its plan or its steps look for the need themselves before they change anything, and leave alone what is well: only then may a policy start it
    /// for a finding that was not seen for a while, since its check is made once a day.
    /// </summary>
    public virtual bool ConfirmsNeed => false;

    /// <summary>
    /// Looks, before a run is planned, at what the plan must show and the approval is to hold: the differences, the names
    /// (<see cref="RunTarget.Facts"/>), or that the run makes no sense. Changes nothing.
    /// </summary>
    /// <exception cref="ProblemException">The run is refused, and why.</exception>
    public virtual Task<RunTarget> PrepareAsync(IServiceProvider services, FleetSystem system, RunTarget target, CancellationToken cancellation) => Task.FromResult(target);

    /// <summary>
    /// Why it cannot act on this system; null: it can. Asked before anything is planned. A runbook that is written for one family's routes or tables
    /// refuses the others here.
    /// </summary>
    /// <param name="gateway">The target's; null for a whole system.</param>
    public virtual string? RefusalOf(FleetSystem system, GatewayEndpoint? gateway) => system.Kind == SystemKinds.TurboZap && gateway is { Database: null }
        ? $"gateway {gateway.Name} has no gateways[].database in the fleet file, and without it nothing proves that an instance is connected"
        : null;

    /// <summary>The refusal of a runbook that deletes an instance on the way, where the tenant itself is nothing but that instance.</summary>
    protected static string? WhereTenantsAreTheProducts(FleetSystem system) => system.TenantDirectory is { Kind: SystemKinds.TurboZap or SystemKinds.TaktChat }
        ? "its tenants are the instances themselves, so one that it has deleted could not be made anew by a second run"
        : null;

    /// <summary>The refusal of a runbook that needs what a TaktChat does not have.</summary>
    protected static string? NotOnTaktChat(FleetSystem system, string why) => system.Kind == SystemKinds.TaktChat ? why : null;

    /// <summary>The refusal of a runbook that is Evolution's alone.</summary>
    protected static string? ForEvolutionOnly(FleetSystem system, string why) => system.Kind == SystemKinds.Evolution ? null : why;

    /// <summary>Whether a run needs an approver who did not ask for it: where any step costs a pairing or cannot be taken back.</summary>
    public virtual bool IsDestructive => StepTree.Flatten(Steps).Any(line => line.Step.Effect is Effect.NeedsPairing or Effect.Irreversible);
}
