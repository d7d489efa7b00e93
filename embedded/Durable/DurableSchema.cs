using Npgsql;

namespace WhatsOps.Embedded.Durable;

/// <summary>Creates the schema <c>durable</c>; safe to run from many processes at once.</summary>
internal static class DurableSchema
{
    private const long AdvisoryLock = 0x64757261626C65; // "durable"

    public static async Task EnsureAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var stream = typeof(DurableSchema).Assembly.GetManifestResourceStream("WhatsOps.Embedded.Durable.Schema.sql")
            ?? throw new InvalidOperationException("Schema.sql is not embedded in the assembly.");
        using var reader = new StreamReader(stream);
        var sql = await reader.ReadToEndAsync(cancellation);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var turn = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)", connection) { Parameters = { new() { Value = AdvisoryLock } } })
            await turn.ExecuteNonQueryAsync(cancellation);
        await using (var create = new NpgsqlCommand(sql, connection))
            await create.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
