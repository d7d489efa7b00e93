using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using WhatsOps.Runbooks;
using WhatsOps.Tests.Integration.Durable;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Runbooks.Histories;

/// <summary>Lets the embedded engine take recorded runs over, as after an upgrade, and says where the code leaves the recorded way.</summary>
internal sealed class HistoryReplay : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, Replayed> _runs = new();
    private readonly TestDatabase _database;
    private readonly CancellationTokenSource _limit = new(Patience);
    private TestEngine _engine = null!;

    private HistoryReplay(TestDatabase database) => _database = database;

    /// <summary>Every difference, one line each; empty when the code asks for the same steps in the same order and ends the same, doing nothing again.</summary>
    /// <param name="runbook">The declaration that stands for a history's runbook and version.</param>
    /// <param name="code">The orchestrator of a declaration; null: the function in its class.</param>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(
        IReadOnlyList<RecordedHistory> histories, Func<RecordedHistory, Runbook> runbook, Func<Runbook, TaskOrchestrationContext, Task<string>>? code = null)
    {
        await using var replay = new HistoryReplay(await TestDatabase.CreateAsync());
        var functions = new TestFunctions().Activity(RunbookMotor.Activity, replay.AskAgainAsync);
        foreach (var history in histories)
        {
            var declaration = runbook(history);
            await history.PutAsync(replay._database.DataSource);
            replay._runs[history.InstanceId] = new(history);
            functions.Orchestrator(history.Orchestrator, async context => await replay.RunAsync(context, code is null ? OrchestratorOf(declaration, history.Orchestrator) : inner => code(declaration, inner)));
        }

        replay._engine = await (await TestEngine.StartAsync(replay._database.ConnectionString, functions)).UntilOwnerAsync();
        var differences = await Task.WhenAll(replay._runs.Values.Select(replay.DifferenceAsync));
        return [.. differences.OfType<string>().Order(StringComparer.Ordinal)];
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _database.DisposeAsync();
        _limit.Dispose();
    }

    private Task<string> RunAsync(TaskOrchestrationContext context, Func<TaskOrchestrationContext, Task<string>> code) => code(new AskingContext(context, _runs[context.InstanceId].Asked));

    private async Task<object?> AskAgainAsync(JsonElement input, CancellationToken cancellation)
    {
        var call = input.Deserialize<StepCall>(JsonSerializerOptions.Web)!;
        _runs[Run.OrchestrationOf(call.RunId)].Again.TrySetResult($"asks for {Describe(call)}, which the history does not answer");
        await Task.Delay(Timeout.Infinite, cancellation);
        return null;
    }

    private async Task<string?> DifferenceAsync(Replayed run)
    {
        var ending = _engine.Client.WaitForInstanceCompletionAsync(run.History.InstanceId, true, _limit.Token);
        await Task.WhenAny(ending, run.Again.Task);
        var difference = OtherStep(run) ?? (run.Again.Task.IsCompleted ? await run.Again.Task : await OtherEndAsync(run.History, await ending));
        return difference is null ? null : $"{run.History.FileName}: {difference}";
    }

    private async Task<string?> OtherEndAsync(RecordedHistory history, OrchestrationMetadata ended)
    {
        if (ended.RuntimeStatus != OrchestrationRuntimeStatus.Completed) return ended.FailureDetails?.ErrorMessage ?? ended.RuntimeStatus.ToString();
        if (ended.ReadOutputAs<string>() is var output && output != history.Outcome) return $"ended as {history.Outcome} and ends as {output} now";
        await using var count = _database.DataSource.CreateCommand("SELECT count(*) FROM durable.history WHERE instance_id = $1");
        count.Parameters.Add(new() { Value = history.InstanceId });
        return await count.ExecuteScalarAsync() is long rows && rows == history.Events.Count ? null : "the replay added to the history";
    }

    private static string? OtherStep(Replayed run)
    {
        var recorded = run.History.Calls.ToList();
        for (var index = 0; index < Math.Max(recorded.Count, run.Asked.Count); index++)
        {
            var (before, now) = (recorded.ElementAtOrDefault(index), run.Asked.ElementAtOrDefault(index));
            if (before != now) return $"call {index} was {Describe(before)} when it was recorded, and is {Describe(now)} now";
        }

        return null;
    }

    private static string Describe(StepCall? call) => call is null ? "none" : $"{call.Step}/{call.Phase}";

    private static Func<TaskOrchestrationContext, Task<string>> OrchestratorOf(Runbook runbook, string name) => runbook.GetType().GetMethods()
        .Single(method => method.GetCustomAttribute<FunctionAttribute>()?.Name == name).CreateDelegate<Func<TaskOrchestrationContext, Task<string>>>(runbook);

    private sealed record Replayed(RecordedHistory History)
    {
        /// <summary>What the code of today has asked for.</summary>
        public List<StepCall> Asked { get; } = [];

        /// <summary>Set when it asks for something that was never done.</summary>
        public TaskCompletionSource<string> Again { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
