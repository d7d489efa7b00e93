using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Npgsql;
using WhatsOps.Embedded.Durable;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Durable;

/// <summary>
/// A commit that many instances share, and one row in it that PostgreSQL refuses: only that member may fail. The refusal is real, a constraint
/// that the engine does not know of.
/// </summary>
public sealed class CommitIsolationTests : IAsyncLifetime
{
    private const int Members = 20;
    private const int Bad = 7;
    private static readonly CancellationToken Patience = new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token;
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        await DurableSchema.EnsureAsync(database.DataSource, Patience);
        await ExecuteAsync("ALTER TABLE durable.history ADD CONSTRAINT palatable CHECK (payload NOT LIKE '%poison%')");
        await ExecuteAsync("ALTER TABLE durable.instances ADD CONSTRAINT palatable CHECK (output NOT LIKE '%poison%')");
    }

    public async ValueTask DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task Only_the_bad_member_of_a_shared_commit_fails_and_the_others_are_stored_once()
    {
        var gates = Enumerable.Range(0, Members).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        var functions = new TestFunctions()
            .Activity("Say", async (input, cancellation) =>
            {
                await gates[input.GetInt32()].Task.WaitAsync(cancellation);
                return input.GetInt32() == Bad ? "poison" : $"word-{input.GetInt32()}";
            })
            .Orchestrator("Talk", async context => await context.CallActivityAsync<string>("Say", context.GetInput<int>()));
        await using (var engine = await StartAsync(functions))
        {
            for (var member = 0; member < Members; member++)
                await engine.Client.ScheduleNewOrchestrationInstanceAsync("Talk", member, new StartOrchestrationOptions($"talk-{member}"), Patience);
            await Until.TrueAsync(async () => await CountAsync("SELECT count(*) FROM durable.history WHERE kind = 'ActivityScheduled'") == Members);
            var writer = engine.Engine.Session!.Writer;
            long before;
            await using (var connection = await database.DataSource.OpenConnectionAsync(Patience))
            {
                await using var transaction = await connection.BeginTransactionAsync(Patience);
                await using var hold = new NpgsqlCommand("LOCK TABLE durable.history IN SHARE ROW EXCLUSIVE MODE", connection, transaction);
                await hold.ExecuteNonQueryAsync(Patience);
                // One commit stands at the lock; all that come meanwhile share the next.
                gates[0].SetResult();
                await Until.TrueAsync(async () => await CountAsync("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'durable.history'::regclass") == 1);
                before = writer.Commits;
                foreach (var gate in gates[1..]) gate.SetResult();
                await engine.Engine.Parts.Activities.Idle;
            }

            for (var member = 0; member < Members; member++)
            {
                var done = await engine.Client.WaitForInstanceCompletionAsync($"talk-{member}", true, Patience);
                if (member == Bad) AssertRefused(done);
                else Assert.Equal((OrchestrationRuntimeStatus.Completed, $"word-{member}"), (done.RuntimeStatus, done.ReadOutputAs<string>()));
            }

            // Members of the refused commit were stored one by one: without it a handful of commits would have done.
            Assert.InRange(writer.Commits - before, Members - 2, long.MaxValue);
        }

        Assert.Equal(Members, functions.Runs.Count);
        Assert.Equal(Members - 1L, await CountAsync("SELECT count(*) FROM durable.history WHERE kind = 'ActivityCompleted'"));
        Assert.Equal(0L, await CountAsync("SELECT count(*) FROM (SELECT 1 FROM durable.history GROUP BY instance_id, kind HAVING count(*) > 1) twice"));
        // Nothing is left that a next owner would do again.
        await using var next = await StartAsync(functions);
        Assert.Equal((0, Members), (next.Engine.Session!.LiveInstances, functions.Runs.Count));
    }

    [Fact]
    public async Task A_child_whose_output_is_refused_has_failed_for_its_parent_too_and_its_output_is_never_seen()
    {
        var functions = new TestFunctions()
            .Orchestrator("Child", _ => Task.FromResult<object?>("poison"))
            .Orchestrator("Parent", async context =>
            {
                string seen;
                try
                {
                    seen = await context.CallSubOrchestratorAsync<string>("Child");
                }
                catch (TaskFailedException failure)
                {
                    seen = failure.FailureDetails.ErrorType;
                }

                context.SetCustomStatus(seen);
                return $"{seen} {await context.WaitForExternalEvent<string>("go")}";
            });
        await using (var first = await StartAsync(functions))
        {
            await first.Client.ScheduleNewOrchestrationInstanceAsync("Parent", new StartOrchestrationOptions("parent"), Patience);
            await Until.TrueAsync(async () => await CountAsync("SELECT count(*) FROM durable.instances WHERE custom_status IS NOT NULL") == 1);
            await first.Engine.AbortAsync();
        }

        // What the parent saw is what its history says: it takes the same way again.
        await using var second = await StartAsync(functions);
        await second.Client.RaiseEventAsync("parent", "go", "on", Patience);
        var done = await second.Client.WaitForInstanceCompletionAsync("parent", true, Patience);
        Assert.Equal((OrchestrationRuntimeStatus.Completed, $"{typeof(PostgresException).FullName} on"), (done.RuntimeStatus, done.ReadOutputAs<string>()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refused_event_is_never_seen_and_the_next_ones_are(bool fromAnotherProcess)
    {
        var functions = new TestFunctions().Orchestrator("Waits", async context =>
            $"{await context.WaitForExternalEvent<string>("word")} {await context.WaitForExternalEvent<string>("word")}");
        await using var owner = await StartAsync(functions);
        await using var other = await TestEngine.StartAsync(database.ConnectionString, functions, owner: "other");
        var client = fromAnotherProcess ? other.Client : owner.Client;
        await owner.Client.ScheduleNewOrchestrationInstanceAsync("Waits", new StartOrchestrationOptions("waits"), Patience);
        await owner.Client.WaitForInstanceStartAsync("waits", cancellation: Patience);

        var raising = client.RaiseEventAsync("waits", "word", "poison", Patience);
        // In the owner's process the caller learns of it; elsewhere the command was stored, and the owner drops it.
        if (fromAnotherProcess) await raising;
        else Assert.Equal(PostgresErrorCodes.CheckViolation, (await Assert.ThrowsAsync<PostgresException>(() => raising)).SqlState);
        await client.RaiseEventAsync("waits", "word", "one", Patience);
        await client.RaiseEventAsync("waits", "word", "two", Patience);

        var done = await owner.Client.WaitForInstanceCompletionAsync("waits", true, Patience);
        Assert.Equal((OrchestrationRuntimeStatus.Completed, "one two"), (done.RuntimeStatus, done.ReadOutputAs<string>()));
        await Until.TrueAsync(async () => await CountAsync("SELECT count(*) FROM durable.commands") == 0);
    }

    private static void AssertRefused(OrchestrationMetadata done)
    {
        Assert.Equal((OrchestrationRuntimeStatus.Failed, typeof(PostgresException).FullName), (done.RuntimeStatus, done.FailureDetails!.ErrorType));
        Assert.Contains("palatable", done.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    private async Task<TestEngine> StartAsync(TestFunctions functions) =>
        await (await TestEngine.StartAsync(database.ConnectionString, functions, maxActivities: Members)).UntilOwnerAsync();

    private async Task ExecuteAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Patience);
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Patience))!;
    }
}
