using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>A runbook whose steps are methods of one class, and the words in which it is written.</summary>
/// <typeparam name="TActions">A registered service with one method per step.</typeparam>
public abstract class Runbook<TActions> : Runbook
    where TActions : notnull
{
    protected delegate Task<StepResult> Action(StepContext step, CancellationToken cancellation);

    protected delegate Task<LiveCode?> Live(StepContext step, CancellationToken cancellation);

    protected static DoStep Do(string id, string title, Func<TActions, Action> act, Effect effect = Effect.Reads, Undo? undo = null, params string[] calls) =>
        new(id, title, Code(act)) { Effect = effect, Undo = undo, Calls = calls };

    protected static Undo Undo(string title, Func<TActions, Action> act, params string[] calls) => new(title, Code(act), calls);

    protected static WaitStep WaitUntil(string id, string title, Func<TActions, Action> probe, Pace every, TimeSpan atMost, params string[] calls) =>
        new(id, title, Code(probe)) { Every = every, AtMost = atMost, Calls = calls };

    protected static AskStep AskHuman(
        string id, string title, string request, TimeSpan deadline,
        Func<TActions, Action>? proof = null, Func<TActions, Live>? show = null, RunState? whenSilent = null, Pace? every = null, params string[] calls) =>
        new(id, title, request)
        {
            Proof = proof is null ? null : Code(proof),
            Show = show is null ? null : (services, step, cancellation) => show(services.GetRequiredService<TActions>())(step, cancellation),
            WhenSilent = whenSilent,
            AtMost = deadline,
            Every = every ?? Pace.Seconds(5, 30),
            Calls = calls,
        };

    protected static ChooseStep Choose(string id, string title, Func<TActions, Action> decide, params (string Branch, IReadOnlyList<Step> Steps)[] branches) =>
        new(id, title, Code(decide), branches.ToDictionary(branch => branch.Branch, branch => branch.Steps));

    /// <summary>Looks until it can decide, and takes <paramref name="whenLate"/> when it could not in time: "if it is not open within two minutes, …".</summary>
    protected static ChooseStep ChooseWithin(
        string id, string title, Func<TActions, Action> decide, Pace every, TimeSpan atMost, string whenLate, params (string Branch, IReadOnlyList<Step> Steps)[] branches) =>
        Choose(id, title, decide, branches) with { Every = every, AtMost = atMost, WhenLate = whenLate };

    protected static ForEachStep ForEach(string id, string title, Func<TActions, Action> items, int cap, params IReadOnlyList<Step> steps) =>
        new(id, title, Code(items), cap, steps);

    protected static RunStep Run(string id, string title, Runbook runbook) => new(id, title, runbook);

    /// <summary>What is looked at when a run is planned; see <see cref="Runbook.PrepareAsync"/>.</summary>
    protected delegate Task<RunTarget> Preparation(FleetSystem system, RunTarget target, CancellationToken cancellation);

    /// <summary>The method of the actions that prepares a run; null when the place is all there is to know.</summary>
    protected virtual Func<TActions, Preparation>? Prepare => null;

    public sealed override Task<RunTarget> PrepareAsync(IServiceProvider services, FleetSystem system, RunTarget target, CancellationToken cancellation) =>
        Prepare is { } prepare ? prepare(services.GetRequiredService<TActions>())(system, target, cancellation) : Task.FromResult(target);

    private static StepCode Code(Func<TActions, Action> method) =>
        (services, step, cancellation) => method(services.GetRequiredService<TActions>())(step, cancellation);
}
