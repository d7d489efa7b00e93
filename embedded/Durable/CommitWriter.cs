using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace WhatsOps.Embedded.Durable;

/// <summary>
/// The only writer of an owner. Each commit takes whatever queued during the last one; there is no timed window, which measured half the
/// throughput and eight times the latency.
/// </summary>
internal sealed class CommitWriter(EngineSession session, NpgsqlDataSource source, ILogger logger)
{
    private const int MaxUnits = 2_000;

    private readonly Channel<CommitUnit> queue = Channel.CreateUnbounded<CommitUnit>(new() { SingleReader = true });
    private CommitUnit? postponed;

    /// <summary>Commits made so far.</summary>
    public long Commits { get; private set; }

    public void Enqueue(CommitUnit unit)
    {
        if (!queue.Writer.TryWrite(unit)) Abandon(unit);
    }

    /// <summary>No more units; <see cref="RunAsync"/> ends when those that are queued are stored.</summary>
    public void Complete() => queue.Writer.TryComplete();

    public async Task RunAsync(CancellationToken cancellation)
    {
        var units = new List<CommitUnit>();
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            // Prepared plans outlive the statistics of a young table: only index lookups stay fast when it has grown. The costs that this
            // pretends would start the JIT compiler, which took 30 ms per commit.
            await using (var settings = new NpgsqlCommand(
                "SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan; SET jit = off",
                connection))
                await settings.ExecuteNonQueryAsync(cancellation);
            while (postponed is not null || await queue.Reader.WaitToReadAsync(cancellation))
            {
                Gather(units);
                await CommitAsync(connection, units, cancellation);
                units.Clear();
            }
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            session.Lose(exception);
        }
        catch (Exception)
        {
            // The session ended already; what is queued was never acknowledged.
        }
        finally
        {
            queue.Writer.TryComplete();
            foreach (var unit in units) Abandon(unit);
            if (postponed is not null) Abandon(postponed);
            while (queue.Reader.TryRead(out var unit)) Abandon(unit);
        }
    }

    private void Gather(List<CommitUnit> units)
    {
        HashSet<string>? started = null;
        while (units.Count < MaxUnits)
        {
            CommitUnit? unit = postponed;
            postponed = null;
            if (unit is null && !queue.Reader.TryRead(out unit)) return;
            // ON CONFLICT DO UPDATE cannot touch a row twice: a second start of the same id waits for the next commit.
            if (unit.Starts is { } starts && !starts.TrueForAll(start => (started ??= []).Add(start.Record.InstanceId)) && units.Count > 0)
            {
                postponed = unit;
                return;
            }

            units.Add(unit);
        }
    }

    private async Task CommitAsync(NpgsqlConnection connection, List<CommitUnit> units, CancellationToken cancellation)
    {
        if (session.DiesAt(FaultPoint.BeforeCommit)) throw new OperationCanceledException(cancellation);
        try
        {
            await StoreAsync(connection, units, cancellation);
        }
        catch (PostgresException refused) when (IsAboutContent(refused))
        {
            // Nobody may fail a commit that others share: store them one by one, and only the bad one fails.
            foreach (var unit in units)
            {
                try
                {
                    await StoreAsync(connection, [unit], cancellation);
                }
                catch (PostgresException own) when (IsAboutContent(own))
                {
                    Refuse(unit, own);
                }
            }
        }
    }

    private void Refuse(CommitUnit unit, PostgresException refused)
    {
        logger.LogError(refused, "The database refuses what {Instance} wants to store", unit.Owner?.InstanceId ?? "a client");
        // Before anything else is stored for them: they would take the next event's commit for that of the refused one.
        foreach (var (instance, _, happened) in unit.History ?? []) instance.Withdraw(happened);
        // A command that can never be obeyed is dropped.
        if (unit.ObeyedCommand is { } command) Enqueue(new CommitUnit { ObeyedCommand = command });
        unit.Caller?.TrySetException(refused);
        unit.Owner?.Fail(refused);
    }

    private async Task StoreAsync(NpgsqlConnection connection, List<CommitUnit> units, CancellationToken cancellation)
    {
        var batch = new CommitBatch();
        foreach (var unit in units) batch.Add(unit);
        // Not cancellable: a commit on its way is either stored or not, and recovery finds out.
        var accepted = await batch.CommitAsync(connection, session.Epoch, CancellationToken.None);
        Commits++;
        if (session.DiesAt(FaultPoint.AfterCommit)) throw new OperationCanceledException(cancellation);
        cancellation.ThrowIfCancellationRequested();
        foreach (var unit in units)
        {
            foreach (var start in unit.Starts ?? [])
                start.Decided(accepted.TryGetValue(start.Record.InstanceId, out var generation) ? generation : null);
            unit.Committed?.Invoke();
            unit.Caller?.TrySetResult();
        }
    }

    /// <summary>Data exceptions (22), integrity (23), program limits (54): retrying or reconnecting would not help.</summary>
    private static bool IsAboutContent(PostgresException exception) =>
        exception.SqlState.StartsWith("22", StringComparison.Ordinal)
        || exception.SqlState.StartsWith("23", StringComparison.Ordinal)
        || exception.SqlState.StartsWith("54", StringComparison.Ordinal);

    private static void Abandon(CommitUnit unit) => unit.Caller?.TrySetException(
        new IOException("The durable engine stopped before it knew whether this was stored."));
}
