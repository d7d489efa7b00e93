using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Durable;

/// <summary>Starting, steering, finding and forgetting instances: in the process that owns the database and from another one.</summary>
public sealed class DurableClientTests : IAsyncLifetime
{
    private static readonly CancellationToken Patience = new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token;
    private readonly TestFunctions functions = new();
    private TestDatabase database = null!;
    private TestEngine owner = null!;
    private TestEngine standby = null!;

    public async ValueTask InitializeAsync()
    {
        functions.Orchestrator("Waits", async context => await context.WaitForExternalEvent<string>("go"));
        functions.Orchestrator("Returns", context => Task.FromResult<object?>("done"));
        database = await TestDatabase.CreateAsync();
        owner = await TestEngine.StartAsync(database.ConnectionString, functions);
        await owner.UntilOwnerAsync();
        standby = await TestEngine.StartAsync(database.ConnectionString, functions, owner: "other");
    }

    public async ValueTask DisposeAsync()
    {
        await standby.DisposeAsync();
        await owner.DisposeAsync();
        await database.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_running_id_is_not_started_again_and_an_ended_one_is(bool local)
    {
        var client = Client(local);
        var options = new StartOrchestrationOptions($"singleton-{local}");
        await client.ScheduleNewOrchestrationInstanceAsync("Waits", options, Patience);

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.ScheduleNewOrchestrationInstanceAsync("Waits", options, Patience));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Client(!local).ScheduleNewOrchestrationInstanceAsync("Waits", options, Patience));
        await client.RaiseEventAsync(options.InstanceId!, "go", "first", Patience);
        var first = await client.WaitForInstanceCompletionAsync(options.InstanceId!, true, Patience);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.ScheduleNewOrchestrationInstanceAsync(
            "Waits", options with { DedupeStatuses = ["Completed"] }, Patience));
        await client.ScheduleNewOrchestrationInstanceAsync("Waits", options with { DedupeStatuses = ["Failed"] }, Patience);
        await client.RaiseEventAsync(options.InstanceId!, "go", "second", Patience);
        var second = await client.WaitForInstanceCompletionAsync(options.InstanceId!, true, Patience);

        Assert.Equal("first", first.ReadOutputAs<string>());
        Assert.Equal("second", second.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Fifty_simultaneous_starts_of_one_id_start_it_once()
    {
        var starts = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            try
            {
                await Client(i % 2 == 0).ScheduleNewOrchestrationInstanceAsync("Waits", new StartOrchestrationOptions("contested"), Patience);
                return 1;
            }
            catch (InvalidOperationException)
            {
                return 0;
            }
        }));

        Assert.Equal(1, starts.Sum());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_suspended_instance_sees_its_events_when_it_is_resumed(bool local)
    {
        var client = Client(local);
        var id = await client.ScheduleNewOrchestrationInstanceAsync("Waits", Patience);
        await client.WaitForInstanceStartAsync(id, Patience);
        await client.SuspendInstanceAsync(id, "pause", Patience);
        await UntilStatusAsync(id, OrchestrationRuntimeStatus.Suspended);
        await client.RaiseEventAsync(id, "go", "kept", Patience);
        await Until.TrueAsync(async () => await CountAsync($"SELECT count(*) FROM durable.history WHERE instance_id = '{id}' AND kind = 'EventRaised'") == 1);
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, (await client.GetInstanceAsync(id, Patience))!.RuntimeStatus);

        await client.ResumeInstanceAsync(id, cancellation: Patience);
        var done = await client.WaitForInstanceCompletionAsync(id, true, Patience);

        Assert.Equal("kept", done.ReadOutputAs<string>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Terminate_takes_the_children_along_when_asked(bool local)
    {
        var client = Client(local);
        functions.Orchestrator("Family", async context => await context.CallSubOrchestratorAsync<string>(
            "Waits", options: new SubOrchestrationOptions(instanceId: $"{context.InstanceId}-child")));
        foreach (var recursive in new[] { true, false })
        {
            var id = await client.ScheduleNewOrchestrationInstanceAsync("Family", new StartOrchestrationOptions($"family-{local}-{recursive}"), Patience);
            await UntilStatusAsync($"{id}-child", OrchestrationRuntimeStatus.Running);
            await client.TerminateInstanceAsync(id, new TerminateInstanceOptions("stopped", recursive), Patience);
            var done = await client.WaitForInstanceCompletionAsync(id, true, Patience);

            Assert.Equal(OrchestrationRuntimeStatus.Terminated, done.RuntimeStatus);
            Assert.Equal("stopped", done.ReadOutputAs<string>());
            if (recursive) await UntilStatusAsync($"{id}-child", OrchestrationRuntimeStatus.Terminated);
            else Assert.Equal(OrchestrationRuntimeStatus.Running, (await client.GetInstanceAsync($"{id}-child", Patience))!.RuntimeStatus);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_delayed_start_waits_for_its_time(bool local)
    {
        var client = Client(local);
        var at = DateTimeOffset.UtcNow.AddSeconds(2);
        functions.Orchestrator("Clock", context => Task.FromResult<object?>(context.CurrentUtcDateTime));
        var id = await client.ScheduleNewOrchestrationInstanceAsync("Clock", new StartOrchestrationOptions(StartAt: at), Patience);

        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await client.GetInstanceAsync(id, Patience))!.RuntimeStatus);
        var done = await client.WaitForInstanceCompletionAsync(id, true, Patience);

        Assert.True(done.LastUpdatedAt >= at.AddMilliseconds(-1));
        Assert.Equal(at.UtcDateTime, done.ReadOutputAs<DateTime>(), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task A_delayed_start_can_be_terminated_before_it_begins()
    {
        var id = await owner.Client.ScheduleNewOrchestrationInstanceAsync(
            "Returns", new StartOrchestrationOptions(StartAt: DateTimeOffset.UtcNow.AddDays(1)), Patience);
        await owner.Client.TerminateInstanceAsync(id, "never mind", Patience);

        var done = await owner.Client.WaitForInstanceCompletionAsync(id, true, Patience);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, done.RuntimeStatus);
    }

    [Fact]
    public async Task Purge_forgets_ended_instances_only()
    {
        var ended = await owner.Client.ScheduleNewOrchestrationInstanceAsync("Returns", new StartOrchestrationOptions("purge-ended"), Patience);
        var waiting = await owner.Client.ScheduleNewOrchestrationInstanceAsync("Waits", new StartOrchestrationOptions("purge-waiting"), Patience);
        await owner.Client.WaitForInstanceCompletionAsync(ended, Patience);

        Assert.Equal(0, (await owner.Client.PurgeInstanceAsync(waiting, Patience)).PurgedInstanceCount);
        Assert.Equal(1, (await owner.Client.PurgeInstanceAsync(ended, Patience)).PurgedInstanceCount);
        Assert.Null(await owner.Client.GetInstanceAsync(ended, Patience));
        Assert.NotNull(await owner.Client.GetInstanceAsync(waiting, Patience));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM durable.history WHERE instance_id = 'purge-ended'"));
        // Gone for good: the id is free, and nothing of its past is left.
        await owner.Client.ScheduleNewOrchestrationInstanceAsync("Returns", new StartOrchestrationOptions("purge-ended"), Patience);
        Assert.Equal("done", (await owner.Client.WaitForInstanceCompletionAsync(ended, true, Patience)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_filter_purges_by_status_and_takes_children_when_asked()
    {
        functions.Orchestrator("Fails", async context =>
        {
            await context.CallSubOrchestratorAsync("Returns", options: new SubOrchestrationOptions(instanceId: "purged-child"));
            throw new InvalidOperationException("always");
        });
        var failed = await owner.Client.ScheduleNewOrchestrationInstanceAsync("Fails", Patience);
        await owner.Client.WaitForInstanceCompletionAsync(failed, Patience);
        var filter = new PurgeInstancesFilter(Statuses: [OrchestrationRuntimeStatus.Failed]);

        Assert.Equal(0, (await owner.Client.PurgeAllInstancesAsync(filter with { CreatedTo = DateTimeOffset.UtcNow.AddDays(-1) }, Patience)).PurgedInstanceCount);
        Assert.Equal(2, (await owner.Client.PurgeAllInstancesAsync(filter, new PurgeInstanceOptions(Recursive: true), Patience)).PurgedInstanceCount);
        Assert.Null(await owner.Client.GetInstanceAsync("purged-child", Patience));
    }

    [Fact]
    public async Task Queries_page_through_instances_by_prefix_status_and_time()
    {
        var ids = Enumerable.Range(0, 25).Select(i => $"page%_{i:00}").ToArray();
        foreach (var id in ids)
            await owner.Client.ScheduleNewOrchestrationInstanceAsync("Returns", "in", new StartOrchestrationOptions(id), Patience);
        await owner.Client.ScheduleNewOrchestrationInstanceAsync("Waits", new StartOrchestrationOptions("page%_waits"), Patience);
        await owner.Client.ScheduleNewOrchestrationInstanceAsync("Waits", new StartOrchestrationOptions("pageXX-other"), Patience);
        foreach (var id in ids) await owner.Client.WaitForInstanceCompletionAsync(id, Patience);
        var query = new OrchestrationQuery(
            InstanceIdPrefix: "page%_", Statuses: [OrchestrationRuntimeStatus.Completed], PageSize: 10, FetchInputsAndOutputs: true);

        var pages = new List<Page<OrchestrationMetadata>>();
        await foreach (var page in owner.Client.GetAllInstancesAsync(query).AsPages()) pages.Add(page);
        var resumed = new List<string>();
        await foreach (var page in standby.Client.GetAllInstancesAsync(query).AsPages(pages[0].ContinuationToken))
            resumed.AddRange(page.Values.Select(found => found.InstanceId));
        var future = new List<OrchestrationMetadata>();
        await foreach (var found in owner.Client.GetAllInstancesAsync(query with { CreatedFrom = DateTimeOffset.UtcNow.AddHours(1) })) future.Add(found);

        Assert.Equal([10, 10, 5], pages.Select(page => page.Values.Count));
        Assert.Equal(ids, pages.SelectMany(page => page.Values).Select(found => found.InstanceId));
        Assert.Equal(ids[10..], resumed);
        Assert.Equal("in", pages[0].Values[0].ReadInputAs<string>());
        Assert.Empty(future);
    }

    [Fact]
    public async Task Tags_and_version_are_kept()
    {
        functions.Orchestrator("Versioned", context => Task.FromResult<object?>($"{context.Version}:{context.CompareVersionTo("1.10")}"));
        var id = await owner.Client.ScheduleNewOrchestrationInstanceAsync("Versioned", new StartOrchestrationOptions
        {
            Version = "1.9",
            Tags = new Dictionary<string, string> { ["system"] = "evolution" },
        }, Patience);

        var done = await owner.Client.WaitForInstanceCompletionAsync(id, true, Patience);

        Assert.StartsWith("1.9:-", done.ReadOutputAs<string>(), StringComparison.Ordinal);
        Assert.Equal("evolution", done.Tags["system"]);
    }

    [Fact]
    public async Task Nobody_waits_for_an_instance_that_does_not_exist()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => owner.Client.WaitForInstanceCompletionAsync("nobody", Patience));
        // Commands for nobody are dropped, and do not stay in the way of others.
        await owner.Client.RaiseEventAsync("nobody", "go", "x", Patience);
        await standby.Client.TerminateInstanceAsync("nobody", Patience);
        await Until.TrueAsync(async () => await CountAsync("SELECT count(*) FROM durable.commands") == 0);
    }

    private DurableTaskClient Client(bool local) => (local ? owner : standby).Client;

    private Task UntilStatusAsync(string id, OrchestrationRuntimeStatus status) =>
        Until.TrueAsync(async () => (await owner.Client.GetInstanceAsync(id, Patience))?.RuntimeStatus == status);

    private async Task<long> CountAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Patience))!;
    }
}
