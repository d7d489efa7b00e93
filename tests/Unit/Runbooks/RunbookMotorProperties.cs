using CsCheck;
using WhatsOps.Runbooks;

namespace WhatsOps.Tests.Runbooks;

/// <summary>Whatever the declaration and whatever goes wrong, a run ends completed or taken back.</summary>
public sealed class RunbookMotorProperties
{
    [Fact]
    public void Random_declarations_end_completed_or_fully_compensated_however_often_the_motor_dies() =>
        Gen.Select(RandomRunbooks.Gen((_, _) => SketchRunbook.Fine), Gen.Int[0, 20], Gen.Int[0, 60].List[0, 4]).Sample((runbook, failAt, deaths) =>
        {
            var rows = new Rows(runbook, failAt, deaths);
            var output = rows.Run();

            var undoable = rows.Acted.Where(path => StepTree.Find(runbook, path).Step is DoStep { Undo: not null }).ToList();
            if (output == "completed") Assert.Empty(rows.Undone);
            else Assert.Equal(Enumerable.Reverse(undoable), rows.Undone);
            Assert.Equal(rows.Acted.Distinct(), rows.Acted);
        }, iter: 2000);

    /// <summary>The rows in memory: what is recorded is not done again; the world changes once per recorded step.</summary>
    private sealed class Rows(Runbook runbook, int failAt, List<int> deaths)
    {
        private readonly Dictionary<StepCall, StepAnswer> _recorded = [];
        private int _calls;
        private int _executed;
        private bool _failed;

        public List<string> Acted { get; } = [];

        public List<string> Undone { get; } = [];

        public string Run()
        {
            while (true)
            {
                try
                {
                    var orchestration = new InlineOrchestration(Guid.Empty, Execute);
                    return orchestration.RunAsync(runbook).GetAwaiter().GetResult();
                }
                catch (OperationCanceledException)
                {
                    // The motor died; another takes its place and finds the rows.
                }
            }
        }

        private async Task<StepAnswer> Execute(StepCall call)
        {
            if (deaths.Contains(_calls++)) throw new OperationCanceledException();
            if (_recorded.TryGetValue(call, out var answer)) return answer;
            if (call.Step == StepCall.End) return StepAnswer.Next(_failed ? "compensated" : "completed");
            if (call.Phase == Phase.Compensate) Undone.Add(call.Step);
            else if (call.Step != StepCall.Begin) Acted.Add(call.Step);
            if (call is { Phase: not Phase.Compensate } && _executed++ == failAt && call.Step != StepCall.Begin)
            {
                _failed = true;
                return _recorded[call] = StepAnswer.Fail();
            }

            var step = call.Step == StepCall.Begin ? null : StepTree.Find(runbook, call.Step).Step;
            var result = step switch
            {
                ChooseStep { WhenLate: { } branch } => StepResult.Chose(branch, "late"),
                ChooseStep choose => await choose.Decide(null!, null!, default),
                ForEachStep each => await each.Items(null!, null!, default),
                _ => StepResult.Done(""),
            };
            return _recorded[call] = StepAnswer.Next(result.Values);
        }
    }
}
