using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>The steps of <see cref="RecoverInstance"/>: before each rung a look decides whether to climb it.</summary>
public sealed class RecoverInstanceActions(TenantSteps steps, IGateways gateways) : TenantActions(steps)
{
    /// <summary>Name of the parameter.</summary>
    public const string From = "from";

    internal const string Climb = "climb";
    internal const string Skip = "skip";
    internal const string Over = "over";
    internal const string Zombie = "zombie";
    internal const string Shown = "shown";
    internal const string None = "none";

    private static readonly string[] Rungs = ["restart", "connect", "pairing", "reset"];

    /// <exception cref="ProblemException">400: there is no such rung.</exception>
    public static Task<RunTarget> PrepareAsync(FleetSystem system, RunTarget target, CancellationToken cancellation) => First(target) is { } from && !Rungs.Contains(from)
        ? throw new ProblemException(400, $"The ladder has no rung {from}.", "$.parameters.from", $"Use one of {string.Join(", ", Rungs)}, or leave it out.")
        : Task.FromResult(target);

    public async Task<StepResult> RestartRungAsync(StepContext step, CancellationToken cancellation)
    {
        if (First(step.Target) is { } from) return from == "restart" ? Chose(Climb, "Asked to begin here.") : Chose(Skip, $"Asked to begin at {from}.");
        var look = await Connection.LookAsync(step, cancellation);
        return look.Need switch
        {
            InstanceNeed.Sight => StepResult.NotYet(look.Detail),
            // Evolution answers the restart of a closed instance with 200 {error:true}: the next rung connects it.
            InstanceNeed.Time when !look.IsClosed => Chose(Climb, look.Detail),
            _ => Chose(Skip, look.Detail),
        };
    }

    public async Task<StepResult> ConnectRungAsync(StepContext step, CancellationToken cancellation)
    {
        if (First(step.Target) is { } from && from != "restart") return from == "connect" ? Chose(Climb, "Asked to begin here.") : Chose(Skip, $"Asked to begin at {from}.");
        var look = await Connection.LookAsync(step, cancellation);
        return look.Need switch
        {
            // What is closed does not open by itself.
            InstanceNeed.Time when look.IsClosed => Chose(Climb, look.Detail),
            InstanceNeed.Time or InstanceNeed.Sight => StepResult.NotYet(look.Detail),
            _ => Chose(Skip, look.Detail),
        };
    }

    public async Task<StepResult> PairingRungAsync(StepContext step, CancellationToken cancellation)
    {
        if (First(step.Target) is "pairing" or "reset") return First(step.Target) == "pairing" ? Chose(Climb, "Asked to begin here.") : Chose(Skip, "Asked to begin at reset.");
        var look = await Connection.LookAsync(step, cancellation);
        return look.Need switch
        {
            InstanceNeed.Pairing => Chose(Climb, look.Detail),
            InstanceNeed.Time or InstanceNeed.Sight => StepResult.NotYet(look.Detail),
            _ => Chose(Skip, look.Detail),
        };
    }

    /// <summary>The last rung destroys: only what was seen may lead to it.</summary>
    public async Task<StepResult> ResetRungAsync(StepContext step, CancellationToken cancellation)
    {
        if (step.Unanswered) return Chose(Skip, "Nobody scanned: a reset would only ask once more.");
        if (First(step.Target) == "reset") return Chose(Climb, "Asked to begin here.");
        var look = await Connection.LookAsync(step, cancellation);
        return look.Need switch
        {
            InstanceNeed.Sight => StepResult.NotYet(look.Detail),
            InstanceNeed.Nothing => Chose(Skip, look.Detail),
            _ => Chose(Climb, look.Detail),
        };
    }

    public async Task<StepResult> LogoutAsync(StepContext step, CancellationToken cancellation)
    {
        var state = await Instance.StateAsync(step, cancellation);
        return state is { IsSeen: true, Value: InstanceState.Close } ? StepResult.Done("It is closed: there is no session to end.") : await Instance.LogoutAsync(step, cancellation);
    }

    /// <summary>A logout that was accepted proves nothing: a zombie answers SUCCESS and stays open.</summary>
    public async Task<StepResult> IsSessionOverAsync(StepContext step, CancellationToken cancellation)
    {
        var state = await Instance.StateAsync(step, cancellation);
        return state is { IsSeen: true, Value: not (InstanceState.Open or InstanceState.Paired) }
            ? Chose(Over, $"The instance is {state.Value.ToName()}.")
            : StepResult.NotYet(state.IsSeen ? "The gateway said logged out, and the instance is still open." : $"The state cannot be read: {state.Detail}");
    }

    public static Task<StepResult> GiveUpAsync(StepContext step, CancellationToken cancellation) => Task.FromResult(StepResult.Failed(
        $"The gateway says that {step.Target.Instance} is logged out and keeps it open (a zombie): it would not delete it either. Restart the gateway itself, then run this again."));

    public async Task<StepResult> IsCodeShownAsync(StepContext step, CancellationToken cancellation)
    {
        var code = await gateways.Open(step).ConnectAsync(step.Target.Instance, cancellation);
        return code switch
        {
            { IsSeen: true, Value.Qr: not null } => Chose(Shown, "There is a code to scan."),
            // Somebody was quicker; the question of the scan answers itself.
            { IsSeen: true, Value.State: InstanceState.Open } => Chose(Shown, "It is open."),
            _ => StepResult.NotYet("There is no code yet."),
        };
    }

    private static StepResult Chose(string branch, string why) => StepResult.Chose(branch, why);

    private static string? First(RunTarget target) => target.Parameters?.GetValueOrDefault(From) is { Length: > 0 } from ? from : null;
}
