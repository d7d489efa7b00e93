using System.Net.Sockets;
using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>
/// Looks at PostgreSQL with a new connection each time, as a product's first query would: the answer's time, the clock, connections, the longest statement, sizes and
/// counters, and what a known product keeps in it.
/// </summary>
internal sealed class PostgresProbe(IFleet fleet, TimeProvider time) : IProbe
{
    public IEnumerable<Look> LooksAt(FleetSystem system) => (system.Watch?.Postgres ?? []).Select(target =>
        new Look("postgres/" + target.Name, TimeSpan.FromSeconds(target.EverySeconds), Look.UsualPatience, token => ReadAsync(target, token)));

    private async Task<Reading> ReadAsync(PostgresTarget target, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString(target));
            await connection.OpenAsync(cancellation);
            var (measures, troubles) = await PostgresVitals.ReadAsync(connection, time, cancellation);
            if (target.Tables is { } tables)
            {
                var product = await ProductVitals.ReadAsync(connection, tables, cancellation);
                measures = [.. measures, .. product.Measures];
                troubles = [.. troubles, .. product.Troubles];
            }

            return Reading.Seen($"PostgreSQL {connection.PostgreSqlVersion} answers.", measures, troubles);
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

    private string ConnectionString(PostgresTarget target) => new NpgsqlConnectionStringBuilder(fleet.Resolve(target.ConnectionString))
    {
        Pooling = false, ApplicationName = "whatsops", Timeout = 10, CommandTimeout = 10,
    }.ConnectionString;
}
