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
            await using var ping = database.CreateCommand("SELECT 1");
            await ping.ExecuteScalarAsync(either.Token);
            if (!migrations.Ready.IsCompletedSuccessfully) return ["the database schema is being brought up to date"];
            if (await fleet.CurrentAsync(either.Token) is null) return ["no fleet is in force"];
            var last = await sweeps.LastCompleteAsync(either.Token);
            // A process that has just started has had no chance yet.
            var since = last > started ? last.Value : started;
            return time.GetUtcNow() - since > 3 * SweepInterval ? ["no sweep was completed within 15 minutes"] : [];
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            return ["the operations database does not answer"];
        }
    }
}
