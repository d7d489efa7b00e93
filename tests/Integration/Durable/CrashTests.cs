using System.Collections.Concurrent;
using CsCheck;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Durable;

/// <summary>The engine is aborted, as kill -9 would, and started again: nothing is lost, nothing is different, only what ran is repeated.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    private static int _sample;
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public Task Random_orchestrations_aborted_anywhere_end_as_if_nothing_had_happened() =>
        Gen.Select(RandomProgram.Gen(3).Array[1, 4], Gen.Int[1, 40].Array[0, 3]).SampleAsync(
            async (programs, deaths) => await RunAsync(programs, deaths), iter: 60, threads: 1);

    [Fact]
    public async Task Every_point_of_one_orchestration_survives_an_abort()
    {
        RandomProgram leaf = new("activity", 1, []);
        RandomProgram program = new("sequence", 0,
        [
            leaf, new("timer", 3, []), new("event", 4, []), new("fails", 2, []), new("retried", 1, []),
            new("parallel", 0, [leaf, leaf, new("sub", 0, [leaf, new("event", 5, [])])]),
        ]);
        var points = 0;
        while (await RunAsync([program], [points + 1]) > 0) points++;

        Assert.InRange(points, 20, 500);
        TestContext.Current.TestOutputHelper!.WriteLine($"{points} points, 0 violations");
    }

    /// <summary>Returns how many of the deaths were reached.</summary>
    private async Task<int> RunAsync(RandomProgram[] programs, int[] deaths)
    {
        var sample = Interlocked.Increment(ref _sample);
        var functions = new TestFunctions()
            .Orchestrator("Program", RandomProgram.OrchestrateAsync)
            .Activity("Add", input => $"a{input.GetString()![0] - '0' + 1}")
            .Activity("Fail", input => throw new InvalidOperationException($"no {input.GetString()}"));
        var toStart = programs.Select((program, i) => (Id: $"{sample}-{i}", Program: program)).ToList();
        var toRaise = new ConcurrentQueue<(string Id, string Name, string Payload)>(toStart.SelectMany(EventsOf));

        var died = 0;
        foreach (var death in deaths.Append(int.MaxValue))
        {
            var faults = new DieAt(death);
            await using var engine = await TestEngine.StartAsync(database.ConnectionString, functions, faults);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            var work = WorkAsync(engine.Client, toStart, toRaise, patience.Token);
            while (!work.IsCompleted && !faults.Died) await Task.WhenAny(work, Task.Delay(1, patience.Token));
            if (faults.Died)
            {
                died++;
                await engine.Engine.AbortAsync();
                await patience.CancelAsync();
                await work.ContinueWith(_ => { }, TaskScheduler.Default);
                continue;
            }

            await work;
            foreach (var (id, program) in toStart)
            {
                var done = await engine.Client.GetInstanceAsync(id, true, patience.Token);
                Assert.Equal(OrchestrationRuntimeStatus.Completed, done!.RuntimeStatus);
                Assert.Equal(program.Expected("p"), done.ReadOutputAs<string>());
            }

            // An event raised again for an instance that has ended meanwhile stands as a row until the engine has read and dropped it.
            var left = await LeftoversAsync();
            while (left.Count > 0 && !patience.IsCancellationRequested)
            {
                await Task.Delay(5, CancellationToken.None);
                left = await LeftoversAsync();
            }

            Assert.Empty(left);
            Assert.Equal(0, functions.Overlaps);
            await engine.Engine.StopAsync(CancellationToken.None);
            break;
        }

        // Each scheduled call ran once, and once more for every death at most. (A path can be used by as many programs as there are.)
        foreach (var call in functions.Runs.GroupBy(run => run))
            Assert.InRange(call.Count(), 1, (call.Key.StartsWith("Fail", StringComparison.Ordinal) ? 2 : 1) * (programs.Length + died));
        return died;
    }

    private static async Task WorkAsync(
        DurableTaskClient client, List<(string Id, RandomProgram Program)> toStart,
        ConcurrentQueue<(string Id, string Name, string Payload)> toRaise, CancellationToken cancellation)
    {
        foreach (var (id, program) in toStart)
        {
            if (await client.GetInstanceAsync(id, cancellation) is not null) continue;
            await client.ScheduleNewOrchestrationInstanceAsync(
                "Program", new RandomProgram.Call("p", program), new StartOrchestrationOptions(id), cancellation);
        }

        // An event for a sub-orchestration that has not begun yet is nobody's: wait for it. Taken off the list once acknowledged.
        while (toRaise.TryPeek(out var next))
        {
            if (next.Id.Contains('/') && await client.GetInstanceAsync(next.Id, cancellation) is null)
            {
                toRaise.TryDequeue(out _);
                toRaise.Enqueue(next);
                await Task.Delay(1, cancellation);
                continue;
            }

            await client.RaiseEventAsync(next.Id, next.Name, next.Payload, cancellation);
            toRaise.TryDequeue(out _);
        }

        foreach (var (id, _) in toStart) await client.WaitForInstanceCompletionAsync(id, cancellation);
    }

    private static IEnumerable<(string, string, string)> EventsOf((string Id, RandomProgram Program) start)
    {
        if (start.Program.Op != "sub")
            foreach (var (name, payload) in start.Program.Events("p"))
                yield return (start.Id, name, payload);
        foreach (var raised in SubEvents(start.Id, start.Program, "p")) yield return raised;
    }

    private static IEnumerable<(string, string, string)> SubEvents(string id, RandomProgram program, string path)
    {
        if (program.Op is not ("sub" or "sequence" or "parallel")) yield break;
        var child = program.Op == "sub" ? $"{id}/{path}" : id;
        for (var i = 0; i < program.Parts.Length; i++)
        {
            if (program.Op == "sub")
                foreach (var (name, payload) in program.Parts[i].Events($"{path}.{i}"))
                    yield return (child, name, payload);
            foreach (var raised in SubEvents(child, program.Parts[i], $"{path}.{i}")) yield return raised;
        }
    }

    private async Task<List<string>> LeftoversAsync()
    {
        await using var command = database.DataSource.CreateCommand(
            "SELECT kind FROM durable.commands UNION ALL SELECT instance_id FROM durable.instances WHERE status IN ('Pending', 'Running', 'Suspended')");
        await using var reader = await command.ExecuteReaderAsync();
        var left = new List<string>();
        while (await reader.ReadAsync()) left.Add(reader.GetString(0));
        return left;
    }
}
