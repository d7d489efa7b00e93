using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>
/// A database as plain SQL from pg_dump, with the rows of each table counted in the same snapshot. Plain, because its last line proves that it is
/// whole: pg_dump that is cut off may still end with 0, and the custom format has no end mark.
/// </summary>
internal sealed class PostgresSource(PostgresBackup wanted, NpgsqlConnectionStringBuilder target, PgClients clients) : IBackupSource
{
    private const int Piece = 256 * 1024;

    public string Name => wanted.Name;

    public string Kind => "postgres";

    public async Task<SourceFacts> WriteAsync(Stream sink, CancellationToken cancellation)
    {
        try
        {
            return await DumpAsync(sink, cancellation);
        }
        catch (NpgsqlException problem)
        {
            // A message of the server; those about values do not come up when rows are counted.
            throw new BackupException($"Database {wanted.Name} could not be read: {(problem as PostgresException)?.MessageText ?? problem.InnerException?.Message ?? problem.Message}");
        }
    }

    private async Task<SourceFacts> DumpAsync(Stream sink, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(target.ConnectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString);
        await connection.OpenAsync(cancellation);
        var client = await clients.ForAsync(connection.PostgreSqlVersion.Major, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
        string snapshot;
        await using (var export = new NpgsqlCommand("SET TRANSACTION READ ONLY; SELECT pg_export_snapshot()", connection, transaction))
            snapshot = (string)(await export.ExecuteScalarAsync(cancellation))!;
        var choice = await TableChooser.ChooseAsync(connection, wanted, cancellation);

        using var dump = PgProcess.Start(client.Dump, target, writes: false, Arguments(snapshot, choice));
        // Beside the dump: both read the same pages while they are in memory. Its end is awaited whatever happens to the dump.
        var counting = RowCounts.OfAsync(connection, choice.Tables, cancellation);
        try
        {
            await CopyAsync(dump, sink, cancellation);
        }
        catch
        {
            await counting.ContinueWith(static _ => { }, TaskScheduler.Default);
            throw;
        }

        var counts = await counting;
        var isWhole = TableChooser.IsWhole(wanted);
        return new($"PostgreSQL {connection.PostgreSqlVersion}", $"pg_dump {client.Version}", counts, isWhole, choice.Notices)
        {
            Probes = isWhole ? await SchemaProbes.AskAsync(connection, cancellation) : new Dictionary<string, long>(),
        };
    }

    private static List<string> Arguments(string snapshot, TableChoice choice)
    {
        List<string> arguments = ["--format=plain", "--no-password", "--lock-wait-timeout=60s", $"--snapshot={snapshot}"];
        // Chosen tables may refer to others that are not chosen: definitions and rows, without what ties them together.
        if (choice.Roots.Count > 0) arguments.AddRange(["--section=pre-data", "--section=data", "--strict-names"]);
        // Quoted, a name is a name and no pattern.
        arguments.AddRange(choice.Roots.Select(table => $"--table={SqlName.Quoted(table.Schema)}.{SqlName.Quoted(table.Table)}"));
        return arguments;
    }

    private static async Task CopyAsync(PgProcess dump, Stream sink, CancellationToken cancellation)
    {
        var trailer = new DumpTrailer();
        var piece = new byte[Piece];
        await using var stop = cancellation.Register(dump.Kill);
        // Not asynchronously: pg_dump writes 4 KB at a time, and a turn of the thread pool for each costs more than compressing it.
        while (dump.Output.Read(piece) is > 0 and var count)
        {
            trailer.See(piece.AsSpan(0, count));
            await sink.WriteAsync(piece.AsMemory(0, count), cancellation);
        }

        await dump.EndAsync(cancellation);
        if (!trailer.IsWhole) throw new BackupException("The dump ends in the middle although pg_dump said that all was well. Nothing of it was kept.");
    }
}
