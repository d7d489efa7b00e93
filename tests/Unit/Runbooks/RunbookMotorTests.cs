using Microsoft.DurableTask;
using Moq;
using WhatsOps.Runbooks;
using static WhatsOps.Tests.Runbooks.SketchRunbook;

namespace WhatsOps.Tests.Runbooks;

public sealed class RunbookMotorTests
{
    private static readonly Guid RunId = new("0193f1f0-0000-7000-8000-000000000001");
    private readonly List<string> _log = [];

    [Fact]
    public async Task Steps_run_in_order_between_begin_and_end()
    {
        var output = await RunAsync(new SketchRunbook(Do("a"), Do("b", undo: true), Do("c")));
        Assert.Equal("completed", output);
        Assert.Equal(["begin", "a", "b", "c", "end"], _log);
    }

    [Fact]
    public async Task A_failure_takes_back_in_reverse_and_the_failed_step_first()
    {
        var output = await RunAsync(new SketchRunbook(Do("a", undo: true), Do("b"), Do("c", undo: true), Do("d", undo: true), Do("e")), failing: "d");
        Assert.Equal("compensated", output);
        Assert.Equal(["begin", "a", "b", "c", "d", "undo d", "undo c", "undo a", "end"], _log);
    }

    [Fact]
    public async Task A_compensation_that_fails_does_not_excuse_the_others()
    {
        await RunAsync(new SketchRunbook(Do("a", undo: true), Do("b", undo: true), Do("c")), failing: "c", failingUndo: "b");
        Assert.Equal(["begin", "a", "b", "c", "undo b", "undo a", "end"], _log);
    }

    [Fact]
    public async Task A_run_that_may_not_begin_goes_straight_to_its_end()
    {
        await RunAsync(new SketchRunbook(Do("a", undo: true)), failing: "begin");
        Assert.Equal(["begin", "end"], _log);
    }

    [Fact]
    public async Task Choose_walks_one_branch_and_ForEach_every_item_and_Run_another_runbook_in_place()
    {
        var runbook = new SketchRunbook(
            new ChooseStep("which", "Which?", Fine, new Dictionary<string, IReadOnlyList<Step>> { ["left"] = [Do("x", undo: true)], ["right"] = [Do("y")] }),
            new ForEachStep("each", "Each", Fine, 3, [Do("z", undo: true)]),
            new RunStep("inner", "Inner", new SketchRunbook(Do("w", undo: true))),
            Do("last"));

        await RunAsync(runbook, failing: "last", values: new() { ["which"] = ["left"], ["each"] = ["t1", "t2"] });

        Assert.Equal(
            ["begin", "which", "which.left.x", "each", "each.0.z", "each.1.z", "inner.w", "last",
             "undo inner.w", "undo each.1.z", "undo each.0.z", "undo which.left.x", "end"], _log);
    }

    [Fact]
    public async Task A_long_wait_drops_its_history_and_starts_over()
    {
        var looks = 0;
        var orchestration = new InlineOrchestration(RunId, call =>
            Task.FromResult(call.Step == "gone" && ++looks < 200 ? StepAnswer.Wait(TimeSpan.FromSeconds(10)) : Answer(call)));

        var output = await orchestration.RunAsync(new SketchRunbook(Do("a"), new WaitStep("gone", "Gone?", Fine)));

        Assert.Equal("completed", output);
        Assert.Equal(200, looks);
        Assert.Equal(5, orchestration.Generations);
    }

    [Fact]
    public async Task Every_call_carries_references_only_and_retries_for_the_sake_of_our_own_database()
    {
        var context = new Mock<TaskOrchestrationContext>();
        context.Setup(c => c.GetInput<Guid>()).Returns(RunId);
        context.Setup(c => c.CallActivityAsync<StepAnswer>(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .ReturnsAsync((TaskName _, object? input, TaskOptions? _) => Answer((StepCall)input!));

        await RunbookMotor.RunAsync(context.Object, new SketchRunbook(Do("a"), new AskStep("ask", "Ask", "Please.")));

        context.Verify(c => c.CallActivityAsync<StepAnswer>("RunbookStep", new StepCall(RunId, "ask", Phase.Probe), It.Is<TaskOptions?>(o => o!.Retry!.Policy!.MaxNumberOfAttempts == 8)));
        context.Verify(c => c.SetCustomStatus(It.IsAny<object?>()), Times.Never);
    }

    private Task<string> RunAsync(Runbook runbook, string? failing = null, string? failingUndo = null, Dictionary<string, string[]>? values = null) =>
        new InlineOrchestration(RunId, call =>
        {
            var undo = call.Phase == Phase.Compensate;
            _log.Add(undo ? $"undo {call.Step}" : call.Step);
            if (call.Step == (undo ? failingUndo : failing)) return Task.FromResult(StepAnswer.Fail());
            if (call.Step == StepCall.End) return Task.FromResult(StepAnswer.Next(failing is null ? "completed" : "compensated"));
            return Task.FromResult(StepAnswer.Next(values?.GetValueOrDefault(call.Step) ?? []));
        }).RunAsync(runbook);

    private static StepAnswer Answer(StepCall call) => call.Step == StepCall.End ? StepAnswer.Next("completed") : StepAnswer.Next();
}
