using System.Data;
using Npgsql;

namespace WhatsOps.Watch;

/// <summary>Why one table does not tell what it is asked while its server does: a right that lacks, a lock, a count that takes too long. The rest of the look goes on.</summary>
internal static class TableSilence
{
    /// <summary>False: the connection ended with it, as when the server shuts down, and that is no table's.</summary>
    public static bool IsOfTable(NpgsqlException problem, NpgsqlConnection connection) =>
        connection.State == ConnectionState.Open && problem is PostgresException or { InnerException: TimeoutException };

    /// <param name="unknown">What is not known without it.</param>
    public static string Words(NpgsqlException problem, string table, string unknown) => problem switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => $"The user may not read table {table}, so {unknown}. Fix: GRANT SELECT ON {table} TO that user.",
        // Of another tool, or of another version of the product.
        PostgresException { SqlState: not (PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled) and var code } => $"Table {table} does not answer its question ({code}), so {unknown}. Fix: is it the one of the product's own tool?",
        _ => $"Table {table} does not answer in time, so {unknown}: it is locked, as by a migration, or too large to be counted. Next: SELECT pid, mode FROM pg_locks WHERE relation = '{table}'::regclass.",
    };
}
