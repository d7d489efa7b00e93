using System.Net.Sockets;
using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>
/// Looks at PostgreSQL with a new connection each time, as a product's first query would: the answer's time, the clock, connections, the longest statement, sizes and
/// counters, which version server and schema are of, and what a known product keeps in it.
/// </summary>
internal sealed class PostgresProbe(IFleet fleet, TargetVersions versions, TimeProvider time) : IProbe
{
    public IEnumerable<Look> LooksAt(FleetSystem system) => (system.Watch?.Postgres ?? []).Select(target =>
        new Look(NameOf(target), TimeSpan.FromSeconds(target.EverySeconds), Look.UsualPatience, token => ReadAsync(system.Name, target, token)));

    private static string NameOf(PostgresTarget target) => "postgres/" + target.Name;

    private async Task<Reading> ReadAsync(string system, PostgresTarget target, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString(target));
            await connection.OpenAsync(cancellation);
            var (measures, troubles) = await PostgresVitals.ReadAsync(connection, time, cancellation);
            var server = connection.PostgreSqlVersion.ToString();
            var words = $"PostgreSQL {server} answers.";
            troubles = [.. troubles, .. await ChangedAsync(system, target, "server", $"PostgreSQL {server}", cancellation)];
            if (target.Tables is { } tables)
            {
                var product = await ProductVitals.ReadAsync(connection, tables, cancellation);
                var schema = await SchemaHead.ReadAsync(connection, tables, cancellation);
                measures = [.. measures, .. product.Measures, .. schema.Measures];
                troubles = [.. troubles, .. product.Troubles, .. new[] { schema.Missing, schema.Against(NameOf(target), target.SchemaVersion) }.OfType<Trouble>()];
                if (schema.Version is { } head)
                {
                    words += $" Its schema is at {head}.";
                    troubles = [.. troubles, .. await ChangedAsync(system, target, "schema", head, cancellation)];
                }
            }

            return Reading.Seen(words, measures, troubles);
        }
        catch (ArgumentException)
        {
            return Reading.Unauthorized("Its reference holds no connection string.");
        }
        catch (PostgresException problem)
        {
            return problem.SqlState switch
            {
                "28P01" or "28000" or "42501" => Reading.Unauthorized($"{problem.MessageText} ({problem.SqlState})."),
                "3D000" => Reading.Absent($"{problem.MessageText}."),
                _ => Reading.Unreachable($"{problem.MessageText} ({problem.SqlState})."),
            };
        }
        catch (NpgsqlException problem)
        {
            return Reading.Unreachable(problem.InnerException switch
            {
                SocketException refused => SocketWords.Of(refused),
                { } inner => $"No connection ({inner.GetType().Name}).",
                null => "No connection.",
            });
        }
    }

    private async Task<IEnumerable<Trouble>> ChangedAsync(string system, PostgresTarget target, string part, string version, CancellationToken cancellation) =>
        await versions.SeeAsync(system, NameOf(target), part, version, time.GetUtcNow(), cancellation) is { } change ? [change.AsTrouble(NameOf(target))] : [];

    private string ConnectionString(PostgresTarget target) => new NpgsqlConnectionStringBuilder(fleet.Resolve(target.ConnectionString))
    {
        Pooling = false, ApplicationName = "whatsops", Timeout = 10, CommandTimeout = 10,
    }.ConnectionString;
}
