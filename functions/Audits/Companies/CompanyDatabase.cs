using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Audits;

/// <summary>Narrow, read-only questions to TaktChat's own database. What it does not have, or does not show, is told and leaves the other questions alone.</summary>
internal sealed class CompanyDatabase(NpgsqlDataSource database, AuditSheet sheet)
{
    /// <summary>The reference to its connection string: of the watched database with TaktChat's tables, else of the tenant directory. Null: the fleet file names none.</summary>
    public static string? ReferenceOf(FleetSystem system) => system.Kind != SystemKinds.TaktChat ? null
        : system.Watch?.Postgres.FirstOrDefault(target => target.Tables == ProductTables.TaktChat)?.ConnectionString
          ?? (system.TenantDirectory is { Kind: SystemKinds.TaktChat } directory ? directory.ConnectionString : null);

    /// <summary>The rows; null: they were not seen, and the sheet says why.</summary>
    /// <param name="what">What is then not known, e.g. <c>the use of plans</c>.</param>
    public async Task<IReadOnlyList<T>?> AskAsync<T>(string what, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, IReadOnlyList<object>? values = null)
    {
        try
        {
            await using var command = database.CreateCommand(sql);
            foreach (var value in values ?? []) command.Parameters.Add(new() { Value = value });
            await using var row = await command.ExecuteReaderAsync(cancellation);
            var rows = new List<T>();
            while (await row.ReadAsync(cancellation)) rows.Add(read(row));
            return rows;
        }
        // No such table or column, no right to read it: this stays so until somebody changes it.
        catch (PostgresException problem) when (problem.SqlState is "42P01" or "42703" or "42501")
        {
            sheet.CannotSee(what, "nothing is said about it", $"PostgreSQL says: {problem.MessageText}. docs/audits.md has the grants.", Severity.Low);
            return null;
        }
        catch (Exception problem) when (problem is NpgsqlException or TimeoutException && !cancellation.IsCancellationRequested)
        {
            sheet.Unfinished(null, $"{what}: {Health.ProductObserver.Describe(problem)}");
            return null;
        }
    }
}
