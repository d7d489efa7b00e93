using Npgsql;
using NpgsqlTypes;

namespace WhatsOps.Database;

/// <summary>Parameters of SQL that need a hand; for <c>using static</c>.</summary>
internal static class SqlParameters
{
    /// <summary>A time as PostgreSQL's timestamptz, which Npgsql takes in UTC only; null is NULL, and typed all the same.</summary>
    public static NpgsqlParameter Time(DateTimeOffset? value) => new() { Value = value?.ToUniversalTime() ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
