using Npgsql;
using WhatsOps.Database;
using WhatsOps.Fleet;

namespace WhatsOps.Health;

/// <summary>Whether this process can do its work: database reachable and migrated, a fleet in force, sweeps completing.</summary>
internal sealed class Readiness(NpgsqlDataSource database, MigrationService migrations, IFleet fleet, SweepStore sweeps, TimeProvider time)
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);
    private readonly DateTimeOffset started = time.GetUtcNow();

    /// <summary>The reasons why not; empty: ready. Fit for strangers: no names, no addresses, no secrets.</summary>
    public async Task<IReadOnlyList<string>> ReasonsAgainstAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            // Not by the token alone: Npgsql does not look at it while a server that took the connection says nothing.
            return await LookAsync(either.Token).WaitAsync(either.Token);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            return ["the operations database does not answer"];
        }
    }

    private async Task<IReadOnlyList<string>> LookAsync(CancellationToken cancellation)
    {
        await using var ping = database.CreateCommand("SELECT 1");
        await ping.ExecuteScalarAsync(cancellation);
        if (!migrations.Ready.IsCompletedSuccessfully) return ["the database schema is being brought up to date"];
        if (await fleet.CurrentAsync(cancellation) is null) return ["no fleet is in force"];
        var last = await sweeps.LastCompleteAsync(cancellation);
        // A process that has just started has had no chance yet.
        var since = last > started ? last.Value : started;
        return time.GetUtcNow() - since > 3 * SweepInterval ? ["no sweep was completed within 15 minutes"] : [];
    }
}
