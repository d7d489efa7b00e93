using System.Globalization;
using Npgsql;
using WhatsOps.Containers;
using WhatsOps.Runbooks;

namespace WhatsOps.Backups;

/// <summary>Whether a product works on its restored database: it lets its own user in, its schema's probes answer, its containers run, its gateways list their instances.</summary>
internal sealed class RestoreProof(InstanceCensus census, ProductServices product)
{
    /// <param name="server">The database; null when none was restored.</param>
    /// <returns>What is still missing; null and what was found when nothing is.</returns>
    public async Task<(string? Missing, string Found)> LookAsync(StepContext step, NpgsqlConnectionStringBuilder? server, CancellationToken cancellation)
    {
        IReadOnlyDictionary<string, long> probes = new Dictionary<string, long>();
        try
        {
            if (server is not null) probes = await AskAsync(server, cancellation);
        }
        catch (NpgsqlException problem)
        {
            return ($"The database does not answer: {NewDatabase.Words(problem)}", "");
        }

        IReadOnlyList<string> down;
        try
        {
            down = await product.DownAsync(step, cancellation);
        }
        catch (ContainerException problem)
        {
            return (problem.Message, "");
        }

        if (down.Count > 0) return ($"Not running: {string.Join(", ", down)}.", "");
        var counted = await census.CountAsync(step.System.Name, cancellation);
        foreach (var (gateway, least) in RestorePlan.Expected(step.Target.Facts!))
        {
            if (!counted.TryGetValue(gateway, out var count)) return ($"Gateway {gateway} does not list its instances.", "");
            if (count < least) return ($"Gateway {gateway} lists {count} instances; it should be at least {least}.", "");
        }

        return (null, string.Join(", ", probes.Select(probe => $"{probe.Key} {probe.Value.ToString(CultureInfo.InvariantCulture)}")
            .Concat(counted.Select(gateway => $"{gateway.Key} lists {gateway.Value} instances")).DefaultIfEmpty("nothing that could be asked is wrong")));
    }

    private static async Task<IReadOnlyDictionary<string, long>> AskAsync(NpgsqlConnectionStringBuilder server, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false, Timeout = 10, CommandTimeout = 60 }.ConnectionString);
        await connection.OpenAsync(cancellation);
        return await SchemaProbes.AskAsync(connection, cancellation);
    }
}
