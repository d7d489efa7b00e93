using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace WhatsOps.Watch;

/// <summary>The ten statements of a database that take longest on average, by pg_stat_statements (R-234).</summary>
/// <param name="IsLoaded">False: the extension is there, its library is not, so nothing is counted.</param>
/// <param name="Mean">Milliseconds of the slowest.</param>
/// <param name="Words">One sentence with all of them, the slowest first; no values.</param>
internal sealed partial record SlowStatements(bool IsLoaded, double? Mean, string? Words)
{
    private const int Most = 10;
    private const int Longest = 80;
    private const string NotLoaded = "55000";

    public static async Task<SlowStatements> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        // The manual's mean_time is called mean_exec_time since PostgreSQL 13. What ran a few times only, as a migration does, says nothing of every day.
        var mean = connection.PostgreSqlVersion.Major >= 13 ? "mean_exec_time" : "mean_time";
        await using var command = new NpgsqlCommand(
            $"""
            SELECT {mean}::float8, calls, query FROM pg_stat_statements
            WHERE calls >= 10 AND query IS NOT NULL AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1 DESC LIMIT {Most}
            """, connection);
        try
        {
            var found = new List<(double Mean, long Calls, string Text)>();
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation)) found.Add((rows.GetDouble(0), rows.GetInt64(1), Shown(rows.GetString(2))));
            return found.Count == 0
                ? new(true, null, null)
                : new(true, found[0].Mean, $"Slowest on average: {string.Join("; ", found.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Mean:0.#} ms, {one.Calls} times: {one.Text}")))}.");
        }
        catch (PostgresException problem) when (problem.SqlState == NotLoaded)
        {
            return new(false, null, null);
        }
    }

    // Values are $1, $2 there. Commands that are no queries (ALTER ROLE … PASSWORD '…') stand as they were written: nothing from the first quote on is told.
    internal static string Shown(string query)
    {
        var plain = Comment().Replace(query, " ");
        var quote = Quote().Match(plain);
        var text = SafeText.Of(Blank().Replace(quote.Success ? plain[..quote.Index] : plain, " ").Trim());
        return text.Length > Longest ? text[..Longest].TrimEnd() + "…" : quote.Success ? text + " …" : text;
    }

    [GeneratedRegex(@"/\*.*?(?:\*/|\z)|--[^\n]*", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Comment();

    [GeneratedRegex(@"'|\$(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Quote();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Blank();
}
