using WhatsOps.Runbooks;

namespace WhatsOps.Tests.Runbooks;

/// <summary>A runbook made of given steps, for tests of what carries runbooks out.</summary>
internal sealed class SketchRunbook(params IReadOnlyList<Step> steps) : Runbook
{
    public override string Name => Named;

    public string Named { get; init; } = "sketch";

    public override RunbookScope Scope => About;

    public RunbookScope About { get; init; }

    public override bool ConfirmsNeed => Looks;

    public bool Looks { get; init; }

    /// <summary>What the plan says; null: it is made.</summary>
    public Func<Exception?> Refusal { get; set; } = () => null;

    public override Task<RunTarget> PrepareAsync(IServiceProvider services, WhatsOps.Fleet.FleetSystem system, RunTarget target, CancellationToken cancellation) =>
        Refusal() is { } refusal ? Task.FromException<RunTarget>(refusal) : Task.FromResult(target);

    public override int Version => 1;

    public override string Orchestrator => "Sketch";

    public override string Summary => "A sketch.";

    public override IReadOnlyList<Step> Steps => steps;

    public static DoStep Do(string id, bool undo = false, StepCode? act = null, StepCode? back = null) => new(id, $"Do {id}", act ?? Fine)
    {
        Effect = undo ? Effect.Reversible : Effect.Reads,
        Undo = undo ? new Undo($"Undo {id}", back ?? Fine, []) : null,
    };

    public static Task<StepResult> Fine(IServiceProvider services, StepContext step, CancellationToken cancellation) => Task.FromResult(StepResult.Done("Fine."));
}
