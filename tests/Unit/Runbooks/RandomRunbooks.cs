using CsCheck;
using WhatsOps.Runbooks;

namespace WhatsOps.Tests.Runbooks;

/// <summary>Random declarations: every kind of step, nested up to two deep.</summary>
internal static class RandomRunbooks
{
    /// <param name="code">What a step does, by its id and whether it is the compensation.</param>
    public static Gen<Runbook> Gen(Func<string, bool, StepCode> code) => Steps(code, 2, "").Select(steps => (Runbook)new SketchRunbook(steps));

    private static Gen<IReadOnlyList<Step>> Steps(Func<string, bool, StepCode> code, int depth, string prefix) =>
        CsCheck.Gen.Int[1, depth == 2 ? 6 : 3].SelectMany(count => Sequence([.. Enumerable.Range(0, count).Select(i => Step(code, depth, $"{prefix}s{i}"))]));

    private static Gen<IReadOnlyList<Step>> Sequence(List<Gen<Step>> parts) =>
        parts.Aggregate(CsCheck.Gen.Const((IReadOnlyList<Step>)[]), (all, next) => all.SelectMany(done => next.Select(step => (IReadOnlyList<Step>)[.. done, step])));

    private static Gen<Step> Step(Func<string, bool, StepCode> code, int depth, string id)
    {
        var plain = CsCheck.Gen.Bool.Select(undo => (Step)SketchRunbook.Do(id, undo, code(id, false), code(id, true)));
        var wait = CsCheck.Gen.Const((Step)new WaitStep(id, id, code(id, false)));
        if (depth == 0) return CsCheck.Gen.Frequency((4, plain), (1, wait));
        var choose = Steps(code, depth - 1, id + "l").SelectMany(left => Steps(code, depth - 1, id + "r").SelectMany(right =>
            CsCheck.Gen.Bool.Select(late => (Step)new ChooseStep(
                id, id, late ? Undecided(code, id) : Values(code, id, ["left"]), new Dictionary<string, IReadOnlyList<Step>> { ["left"] = left, ["right"] = right })
            {
                WhenLate = late ? "right" : null,
                AtMost = TimeSpan.FromSeconds(10),
            })));
        var each = CsCheck.Gen.Int[0, 3].SelectMany(items => Steps(code, depth - 1, id + "e").Select(inner =>
            (Step)new ForEachStep(id, id, Values(code, id, [.. Enumerable.Range(0, items).Select(i => $"item-{i}")]), 3, inner)));
        var run = Steps(code, depth - 1, id + "n").Select(inner => (Step)new RunStep(id, id, new SketchRunbook(inner)));
        return CsCheck.Gen.Frequency((6, plain), (1, wait), (1, choose), (1, each), (1, run));
    }

    // What would be done is not yet so, and stays that way.
    private static StepCode Undecided(Func<string, bool, StepCode> code, string id) => async (services, step, cancellation) =>
        await code(id, false)(services, step, cancellation) is { Outcome: StepOutcome.Failed } failed ? failed : StepResult.NotYet("Not yet.");

    private static StepCode Values(Func<string, bool, StepCode> code, string id, string[] values) => async (services, step, cancellation) =>
        await code(id, false)(services, step, cancellation) with { Values = values };
}
