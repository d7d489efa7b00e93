using System.Security.Cryptography;
using Npgsql;

namespace WhatsOps.Backups;

/// <summary>Restores one database of a set into a new one, and compares what came of it with what the snapshot had: every table, and the schema's probes.</summary>
internal sealed class DatabaseRestore(PartReader reader, PgRestore restore)
{
    /// <param name="name">The new database; one of that name that the same maker left is dropped first.</param>
    /// <param name="maker">Who restores.</param>
    /// <param name="model">The database whose owner, locale, settings and grants it shall have; null for none.</param>
    /// <exception cref="BackupException">It does not open, does not restore, or is not what was backed up.</exception>
    public async Task RunAsync(BackupManifest set, BackupPart part, NpgsqlConnectionStringBuilder server, string name, string maker, string? model, CancellationToken cancellation)
    {
        var major = await NewDatabase.CreateAsync(server, name, maker, model, cancellation);
        var target = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name, Pooling = false, CommandTimeout = 0 };
        try
        {
            await using var connection = new NpgsqlConnection(target.ConnectionString);
            await connection.OpenAsync(cancellation);
            // A dump of chosen tables names their schemas without making them.
            if (!part.IsWhole) foreach (var schema in part.Counts.Keys.Select(table => Split(table).Schema).Distinct(StringComparer.Ordinal)) await ExecuteAsync(connection, $"CREATE SCHEMA IF NOT EXISTS {SqlName.Quoted(schema)}", cancellation);
            await using (var dump = await reader.OpenAsync(set, part, cancellation)) await restore.RunAsync(dump, target, major, cancellation);
            // Without statistics the product's first queries would take minutes.
            await ExecuteAsync(connection, "ANALYZE", cancellation);
            await CompareAsync(connection, part, cancellation);
        }
        catch (Exception problem) when (problem is CryptographicException or InvalidDataException)
        {
            throw new BackupException($"Part {part.Name} does not open: {problem.Message}", isLasting: true);
        }
        catch (NpgsqlException problem)
        {
            throw new BackupException($"Part {part.Name} could not be restored: {NewDatabase.Words(problem)}");
        }
    }

    private static async Task CompareAsync(NpgsqlConnection connection, BackupPart part, CancellationToken cancellation)
    {
        var found = await RowCounts.OfAsync(connection, part.Counts.Keys.Select(Split), cancellation);
        var different = part.Counts.Where(count => found[count.Key] != count.Value).Select(count => $"{count.Key} has {found[count.Key]} rows instead of {count.Value}").Take(5).ToList();
        if (part.Probes.Count > 0)
        {
            var answers = await SchemaProbes.AskAsync(connection, cancellation);
            different.AddRange(part.Probes.Where(probe => answers.GetValueOrDefault(probe.Key, -1) != probe.Value)
                .Select(probe => $"{probe.Key}: {(answers.TryGetValue(probe.Key, out var answer) ? answer.ToString(System.Globalization.CultureInfo.InvariantCulture) : "cannot be asked")} instead of {probe.Value}"));
        }

        if (different.Count > 0) throw new BackupException($"Part {part.Name} was restored, but {string.Join(", ", different)}.", isLasting: true);
    }

    private static (string Schema, string Table) Split(string name) => (name[..name.IndexOf('.')], name[(name.IndexOf('.') + 1)..]);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
