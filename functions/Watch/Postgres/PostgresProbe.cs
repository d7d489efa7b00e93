using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>
/// Looks at PostgreSQL with a new connection each time, as a product's first query would: the answer's time, the clock, connections, the longest statement, sizes and
/// counters, which version server and schema are of, and what a known product keeps in it.
/// </summary>
internal sealed class PostgresProbe(IFleet fleet, TargetVersions versions, TimeProvider time, ILogger<PostgresProbe> log) : IProbe
{
    private const int QuestionSeconds = 10;

    public IEnumerable<Look> LooksAt(FleetSystem system) => (system.Watch?.Postgres ?? []).Select(target =>
        new Look(NameOf(target), TimeSpan.FromSeconds(target.EverySeconds), Patience(target), token => ReadAsync(system.Name, target, token)));

    // A table under a lock costs the whole time of its question, and must not cost what the others tell. One more question is the schema's.
    private static TimeSpan Patience(PostgresTarget target) =>
        Look.UsualPatience + TimeSpan.FromSeconds(target.Tables is { } tables ? QuestionSeconds * (ProductVitals.Count(tables) + 1) : 0);

    public static string NameOf(PostgresTarget target) => "postgres/" + target.Name;

    private async Task<Reading> ReadAsync(string system, PostgresTarget target, CancellationToken cancellation)
    {
        var seen = new Dictionary<string, string>();
        var reading = await ReadAsync(target, seen, cancellation);
        return reading.Outcome == Outcome.Seen ? reading with { Troubles = [.. reading.Troubles, .. await ChangesAsync(system, NameOf(target), seen, cancellation)] } : reading;
    }

    /// <param name="versions">Gets what of the target is of which version.</param>
    private async Task<Reading> ReadAsync(PostgresTarget target, Dictionary<string, string> versions, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString(target));
            await connection.OpenAsync(cancellation);
            var (measures, troubles, slowest) = await PostgresVitals.ReadAsync(connection, time, cancellation);
            var words = $"PostgreSQL {connection.PostgreSqlVersion} answers.";
            versions["server"] = $"PostgreSQL {connection.PostgreSqlVersion}";
            List<string> unseen = [];
            if (target.Tables is { } tables)
            {
                var product = await ProductVitals.ReadAsync(connection, tables, cancellation);
                var schema = await SchemaHead.ReadAsync(connection, tables, cancellation);
                measures = [.. measures, .. product.Measures, .. schema.Measures];
                troubles = [.. troubles, .. product.Troubles, .. new[] { schema.Missing, schema.Against(NameOf(target), target.SchemaVersion) }.OfType<Trouble>()];
                unseen = [.. product.Unseen, .. schema.IsUnseen ? (string[])["schema"] : []];
                if (schema.Version is { } head)
                {
                    words += $" Its schema is at {head}.";
                    versions["schema"] = head;
                }
            }

            return Reading.Seen(slowest is null ? words : $"{words} {slowest}", measures, troubles) with { Unseen = unseen };
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
                TimeoutException => $"It did not answer within {QuestionSeconds} s.",
                { } inner => $"No connection ({inner.GetType().Name}).",
                null => "No connection.",
            });
        }
    }

    // Our own database keeps them: its troubles must not be told as the product's.
    private async Task<IReadOnlyList<Trouble>> ChangesAsync(string system, string target, Dictionary<string, string> seen, CancellationToken cancellation)
    {
        try
        {
            var changes = new List<Trouble>();
            foreach (var (part, version) in seen)
                if (await versions.SeeAsync(system, target, part, version, time.GetUtcNow(), cancellation) is { } change) changes.Add(change.AsTrouble(target));
            return changes;
        }
        catch (Exception problem) when (problem is NpgsqlException or TimeoutException)
        {
            log.LogWarning("The versions of {Target} of {System} could not be kept: {Problem}", target, system, problem.Message);
            return [];
        }
    }

    private string ConnectionString(PostgresTarget target) => new NpgsqlConnectionStringBuilder(fleet.Resolve(target.ConnectionString))
    {
        Pooling = false, ApplicationName = "whatsops", Timeout = QuestionSeconds, CommandTimeout = QuestionSeconds,
    }.ConnectionString;
}
