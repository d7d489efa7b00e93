namespace WhatsOps.Runbooks;

/// <summary>One attempt at something, by code that lives in the container.</summary>
public delegate Task<StepResult> StepCode(IServiceProvider services, StepContext step, CancellationToken cancellation);

/// <summary>One line of a runbook.</summary>
/// <param name="Id">Stable for ever: kebab-case, unique within the runbook. Runs in flight are found by it.</param>
/// <param name="Title">What a person reads in the plan.</param>
public abstract record Step(string Id, string Title)
{
    public Effect Effect { get; init; } = Effect.Reads;

    /// <summary>The exact calls, with <c>{instance}</c>, <c>{tenant}</c>, <c>{gateway}</c> and <c>{system}</c> still open.</summary>
    public IReadOnlyList<string> Calls { get; init; } = [];

    /// <summary>How long it may go on being not yet true, from its first attempt.</summary>
    public TimeSpan AtMost { get; init; } = TimeSpan.FromMinutes(10);

    public Pace Every { get; init; } = Pace.Seconds(2, 30);
}

/// <summary>Acts, once read back as done.</summary>
public sealed record DoStep(string Id, string Title, StepCode Act) : Step(Id, Title)
{
    public Undo? Undo { get; init; }
}

/// <summary>The compensation of a <see cref="DoStep"/>: repeatable, and harmless when the step never acted.</summary>
public sealed record Undo(string Title, StepCode Act, IReadOnlyList<string> Calls);

/// <summary>Waits until a probe says done.</summary>
public sealed record WaitStep(string Id, string Title, StepCode Probe) : Step(Id, Title);

/// <summary>Asks a person. With a proof, only the proof counts and a confirmation merely hurries the next look; without, the confirmation does.</summary>
public sealed record AskStep(string Id, string Title, string Request) : Step(Id, Title)
{
    public StepCode? Proof { get; init; }

    /// <summary>Silence means no. Null: the run fails and is compensated. Otherwise it goes on and ends with this result.</summary>
    public RunState? WhenSilent { get; init; }

    /// <summary>A code shown live to a person and never stored.</summary>
    public ShowCode? Show { get; init; }
}

/// <summary>The code to scan or type, fetched live; null while there is none.</summary>
public delegate Task<LiveCode?> ShowCode(IServiceProvider services, StepContext step, CancellationToken cancellation);

/// <summary>Takes one of its branches; what was chosen is recorded.</summary>
public sealed record ChooseStep(string Id, string Title, StepCode Decide, IReadOnlyDictionary<string, IReadOnlyList<Step>> Branches) : Step(Id, Title)
{
    /// <summary>The branch taken when it could not decide within <see cref="Step.AtMost"/>: a wait whose "no" is an answer. Null: being late fails the run.</summary>
    public string? WhenLate { get; init; }
}

/// <summary>Walks its steps for every item; more items than the cap fail the run before the first is touched.</summary>
public sealed record ForEachStep(string Id, string Title, StepCode Items, int Cap, IReadOnlyList<Step> Steps) : Step(Id, Title);

/// <summary>Another runbook's steps, in place, on the same target and under the same lock.</summary>
public sealed record RunStep(string Id, string Title, Runbook Runbook) : Step(Id, Title);
