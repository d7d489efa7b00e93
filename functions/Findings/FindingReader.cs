using System.Data;
using System.Data.Common;
using System.Text.Json;
using WhatsOps.Fleet;

namespace WhatsOps.Findings;

/// <summary>Rows of whatsops.findings as records.</summary>
internal static class FindingReader
{
    /// <param name="now">A silence that ran out reads as open, even before the next pass writes it down.</param>
    public static Finding Read(DbDataReader row, DateTimeOffset now)
    {
        var silencedUntil = Time(row, "silenced_until");
        var state = Enum.Parse<FindingState>(row.GetString("state"), ignoreCase: true);
        if (state == FindingState.Silenced && silencedUntil <= now) (state, silencedUntil) = (FindingState.Open, null);
        return new Finding(
            row.GetInt64("id"),
            row.GetString("kind"),
            row.GetString("check_name"),
            row.GetString("system"),
            Text(row, "gateway"),
            Text(row, "tenant"),
            Text(row, "instance"),
            (Severity)row.GetInt16("severity"),
            state,
            row.GetString("cause"),
            JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString("evidence"))!,
            Text(row, "remedy"),
            Time(row, "opened_at")!.Value,
            Time(row, "last_seen_at")!.Value,
            Time(row, "closed_at"),
            silencedUntil,
            Text(row, "changed_by"),
            Text(row, "reason"))
        {
            Trace = Text(row, "trace"),
            PreviousId = row.IsDBNull("previous_id") ? null : row.GetInt64("previous_id"),
            Subject = ObservedFinding.SubjectOf(row.GetString("fingerprint")),
        };
    }

    private static string? Text(DbDataReader row, string column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Time(DbDataReader row, string column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(row.GetOrdinal(column));
}
