using Microsoft.Azure.Functions.Worker;
using Npgsql;
using WhatsOps.Database;

namespace WhatsOps.Reports;

/// <summary>
/// Folds the counts that writers of calls and events left (see migration 0013) into the hourly totals. Reports are exact without it, too: it only keeps
/// the unfolded rows few.
/// </summary>
public sealed class Rollups(NpgsqlDataSource database, MigrationService migrations)
{
    [Function("FoldRollups")]
    public async Task Run([TimerTrigger("40 * * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        if (migrations.Ready.IsCompletedSuccessfully) await FoldAsync(database, cancellation);
    }

    /// <summary>How many rows were folded.</summary>
    public static async Task<long> FoldAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT whatsops.fold_rollups()");
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
