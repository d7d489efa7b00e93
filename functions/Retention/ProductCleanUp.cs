using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Retention;

/// <summary>
/// The product's old records: counted always, deleted only where the system's <c>cleanUp</c> says auto, or approve and somebody said yes.
/// Any of the tables may be missing: no code of the product makes them all.
/// </summary>
internal sealed class ProductCleanUp(ProductDatabases databases, CleanUpRequests requests, RetentionPace pace, TimeProvider time)
{
    public async Task<IReadOnlyList<TableCleanUp>> RunAsync(FleetSystem system, DateTimeOffset deadline, CancellationToken cancellation)
    {
        if (system.TenantDirectory is not { } directory) return [];
        var tables = new List<TableCleanUp>();
        foreach (var table in ProductTable.All)
        {
            var policy = system.CleanUp.GetValueOrDefault(table.Name, Policy.Observe);
            try
            {
                if (await CleanAsync(system, directory.Schema, table, policy, deadline, cancellation) is { } cleaned) tables.Add(cleaned);
            }
            catch (Exception problem) when (IsSick(problem, cancellation))
            {
                // The type only: a message may quote the address.
                tables.Add(new(table.Name, policy, null, 0, null, $"could not be cleaned ({problem.GetType().Name})"));
            }
        }

        return tables;
    }

    /// <summary>Null: the product has no such table.</summary>
    private async Task<TableCleanUp?> CleanAsync(
        FleetSystem system, string schema, ProductTable table, Policy policy, DateTimeOffset deadline, CancellationToken cancellation)
    {
        var database = databases.Open(system);
        if (!await ExistsAsync(database, schema, table, cancellation)) return null;
        var now = time.GetUtcNow();
        var request = policy == Policy.Approve ? await requests.FindAsync(system.Name, table.Name, cancellation) : null;
        var before = now.AddDays(-table.Days);
        // Whoever said yes saw what was old then.
        if (request is { IsGranted: true }) before = request.OlderThan;
        var deletion = new BatchedDelete(database, $"\"{schema}\".\"{table.Name}\"", $"t.\"{table.Column}\" < $1", RetentionPace.MostRows, pace, time);
        var old = await deletion.CountAsync(before, cancellation);
        if (policy == Policy.Observe) return new(table.Name, policy, old, 0, old, old == 0 ? null : $"policy observe: nothing is touched; cleanUp.{table.Name} of the fleet file may say otherwise");
        if (policy == Policy.Approve && request is not { IsGranted: true })
        {
            if (old == 0) await requests.ForgetAsync(system.Name, table.Name, cancellation);
            else if (request is null) await requests.AskAsync(system.Name, table.Name, before, old, cancellation);
            return new(table.Name, policy, old, 0, old, old == 0 ? null : "waits for a person's yes (whatsops tasks)");
        }

        var (deleted, done) = await deletion.RunAsync(before, deadline, cancellation);
        if (done && request is not null) await requests.ForgetAsync(system.Name, table.Name, cancellation);
        return new(table.Name, policy, old, deleted, done ? 0 : await deletion.CountAsync(before, cancellation), done ? null : "the rest goes in the next run");
    }

    private static async Task<bool> ExistsAsync(NpgsqlDataSource database, string schema, ProductTable table, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            SELECT EXISTS (SELECT 1 FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
              WHERE c.oid = to_regclass(format('%I.%I', $1::text, $2::text)) AND c.relkind IN ('r', 'p') AND a.attname = $3 AND NOT a.attisdropped)
            """);
        command.Parameters.Add(new() { Value = schema });
        command.Parameters.Add(new() { Value = table.Name });
        command.Parameters.Add(new() { Value = table.Column });
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    private static bool IsSick(Exception problem, CancellationToken cancellation) =>
        !cancellation.IsCancellationRequested && problem is NpgsqlException or ProblemException or MissingSecretException or TimeoutException or InvalidOperationException;
}
