using Npgsql;
using static WhatsOps.Database.SqlParameters;

namespace WhatsOps.Reports;

/// <summary>Commands over a window, which all reports have: <c>$1</c> system, <c>$2</c> from, <c>$3</c> to, then what else is given.</summary>
internal static class ReportSql
{
    public static NpgsqlCommand Over(NpgsqlDataSource database, string sql, string system, ReportWindow window, params ReadOnlySpan<object> more)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(Time(window.From));
        command.Parameters.Add(Time(window.To));
        foreach (var value in more) command.Parameters.Add(new() { Value = value });
        return command;
    }

    public static async Task<IReadOnlyList<T>> ListAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var owned = command;
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var list = new List<T>();
        while (await row.ReadAsync(cancellation)) list.Add(read(row));
        return list;
    }
}
