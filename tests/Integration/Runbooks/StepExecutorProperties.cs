using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Runbooks;
using WhatsOps.Tests.Runbooks;

namespace WhatsOps.Tests.Integration.Runbooks;

/// <summary>Random declarations, random failures and random deaths on the real rows.</summary>
public sealed class StepExecutorProperties
{
    [Fact]
    public async Task Whatever_fails_and_wherever_it_dies_a_run_ends_completed_or_fully_compensated()
    {
        var world = new World();
        await using var rig = await RunbookRig.CreateAsync();
        var count = 0;
        await Gen.Select(RandomRunbooks.Gen(world.Step), Gen.Int[0, 12], Gen.Int[0, 30].List[0, 3]).SampleAsync(
            async (runbook, failAt, deaths) =>
            {
                world.Reset(runbook, failAt, deaths);
                var process = rig.Process(services => services.AddSingleton(runbook).AddSingleton<IFaultPoints>(world));
                var run = await rig.OpenAsync(runbook, RunbookRig.Target with { Instance = $"revalya-{count++}" });
                RunState? state = null;
                while (state is null)
                {
                    try
                    {
                        state = await rig.DriveAsync(run, runbook, process);
                    }
                    catch (World.DeathException)
                    {
                        // The next process finds the rows.
                    }
                }

                Assert.True(state is RunState.Completed or RunState.Compensated, state.ToString());
                // The world is as after all of it, or as before any of it.
                if (state == RunState.Compensated) Assert.Empty(world.Standing);
                Assert.Equal(0L, await rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.run_locks"));
            },
            iter: 60, threads: 1);
    }

    /// <summary>Things that steps put up and compensations take down.</summary>
    private sealed class World : IFaultPoints
    {
        private List<int> _deaths = [];
        private int _failAt;
        private int _acts;
        private int _points;
        private Runbook _runbook = new SketchRunbook();

        public HashSet<string> Standing { get; } = [];

        public void Reset(Runbook runbook, int failAt, List<int> deaths)
        {
            (_runbook, _failAt, _deaths, _acts, _points) = (runbook, failAt, deaths, 0, 0);
            Standing.Clear();
        }

        public StepCode Step(string id, bool undo) => (_, step, _) =>
        {
            if (undo)
            {
                Standing.Remove(step.Step);
                return Task.FromResult(StepResult.Done("Taken back."));
            }

            if (_acts++ == _failAt) return Task.FromResult(StepResult.Failed("It broke."));
            // Only what can be taken back is expected to be gone.
            if (StepTree.Find(_runbook, step.Step).Step is DoStep { Undo: not null }) Standing.Add(step.Step);
            return Task.FromResult(StepResult.Done("Put up."));
        };

        public ValueTask ReachAsync(Guid runId, string step, Phase phase, FaultPoint point) =>
            _deaths.Contains(_points++) ? throw new DeathException() : ValueTask.CompletedTask;

        public sealed class DeathException : Exception;
    }
}
