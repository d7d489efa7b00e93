using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Npgsql;

namespace WhatsOps.Embedded.Durable;

/// <summary>
/// The client on PostgreSQL. In the owning process a request joins the owner's next commit; in any other it commits by itself and notifies
/// the owner. Either way what is acknowledged is stored.
/// </summary>
internal sealed class PostgresDurableTaskClient(DurableEngine engine) : DurableTaskClient("durable")
{
    private readonly EngineParts parts = engine.Parts;
    private readonly InstanceQueries queries = new(engine.Parts.Source);

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        StorableText.RequireId(orchestratorName.Name, nameof(orchestratorName));
        var now = EngineSession.Truncate(parts.Time.GetUtcNow().UtcDateTime);
        var id = StorableText.RequireId(
            options?.InstanceId ?? Guid.CreateVersion7(parts.Time.GetUtcNow()).ToString("N"), nameof(StartOrchestrationOptions.InstanceId));
        var at = options?.StartAt is { } later && later.UtcDateTime > now ? EngineSession.Truncate(later.UtcDateTime) : now;
        var record = new InstanceRecord(
            id, 0, orchestratorName.Name, options?.Version?.Version ?? "", OrchestrationRuntimeStatus.Pending,
            StorableText.Clean(DurableJson.Default.Serialize(input)), null,
            options?.Tags is { Count: > 0 } tags ? JsonSerializer.Serialize(tags, DurableJson.Options) : null, null, now, at);
        int? started = null;
        var owner = engine.Session;
        var unit = new CommitUnit
        {
            Starts = [new(record, options?.DedupeStatuses is { } refused ? string.Join(',', refused) : null, generation =>
            {
                started = generation;
                if (generation is { } accepted) owner?.Adopt(record with { Generation = accepted });
            })],
        };
        await StoreAsync(owner, unit, cancellation);
        return started is not null ? id : throw new InvalidOperationException(
            $"An orchestration instance with the id '{id}' already exists: it is still running, or its status is one that refuses a new start.");
    }

    public override Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        StorableText.RequireId(eventName, nameof(eventName));
        return CommandAsync(new(EventKind.EventRaised, instanceId, eventName, DurableJson.Default.Serialize(eventPayload)), cancellation);
    }

    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default) =>
        CommandAsync(new(EventKind.Terminated, instanceId, options?.Recursive == true ? "recursive" : null,
            DurableJson.Default.Serialize(options?.Output)), cancellation);

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        CommandAsync(new(EventKind.Suspended, instanceId, null, DurableJson.Default.Serialize(reason)), cancellation);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        CommandAsync(new(EventKind.Resumed, instanceId, null, DurableJson.Default.Serialize(reason)), cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, getInputsAndOutputs, completed: false, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, getInputsAndOutputs, completed: true, cancellation);

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        queries.FindAsync(instanceId, getInputsAndOutputs, cancellation);

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        var query = filter ?? new();
        return Pageable.Create<OrchestrationMetadata>((token, pageSize, cancellation) =>
            queries.ListAsync(query, token ?? query.ContinuationToken, pageSize ?? query.PageSize, cancellation));
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) =>
        new(await queries.PurgeAsync(instanceId, options?.Recursive == true, cancellation), true);

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) =>
        new(await queries.PurgeAsync(filter, options?.Recursive == true, cancellation), true);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task CommandAsync(DurableCommand command, CancellationToken cancellation)
    {
        StorableText.RequireId(command.InstanceId, nameof(command.InstanceId));
        var caller = NewCaller();
        if (engine.Session?.Find(command.InstanceId) is { } live && live.Accept(
            command.Kind, command.Payload, name: command.Name, unit: new CommitUnit { Caller = caller }))
            await caller.Task.WaitAsync(cancellation);
        else
            await StoreAsync(null, new CommitUnit { Commands = [command] }, cancellation);
    }

    private async Task StoreAsync(EngineSession? owner, CommitUnit unit, CancellationToken cancellation)
    {
        if (owner is not null)
        {
            unit.Caller = NewCaller();
            owner.Writer.Enqueue(unit);
            await unit.Caller.Task.WaitAsync(cancellation);
            return;
        }

        var batch = new CommitBatch();
        batch.Add(unit);
        await using var connection = await parts.Source.OpenConnectionAsync(cancellation);
        var accepted = await batch.CommitAsync(connection, null, cancellation);
        foreach (var start in unit.Starts ?? [])
            start.Decided(accepted.TryGetValue(start.Record.InstanceId, out var generation) ? generation : null);
    }

    private async Task<OrchestrationMetadata> WaitAsync(
        string instanceId, bool payloads, bool completed, CancellationToken cancellation)
    {
        while (true)
        {
            var change = parts.Signals.Next(instanceId);
            try
            {
                // What this process still has in memory has not ended in the store.
                if (!completed || engine.Session?.Find(instanceId) is null)
                {
                    var found = await queries.FindAsync(instanceId, payloads, cancellation)
                        ?? throw new InvalidOperationException($"There is no orchestration instance with the id '{instanceId}'.");
                    if (completed ? found.IsCompleted : found.RuntimeStatus != OrchestrationRuntimeStatus.Pending) return found;
                }

                var ended = await change.WaitAsync(parts.Options.PollInterval, parts.Time, cancellation);
                if (ended is not null) return ended(payloads);
            }
            catch (TimeoutException)
            {
                // A notification can be lost with its connection: look again.
            }
            catch (NpgsqlException) when (!cancellation.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), parts.Time, cancellation);
            }
        }
    }

    private static TaskCompletionSource NewCaller() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
