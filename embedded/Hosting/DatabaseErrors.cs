using Npgsql;

namespace WhatsOps.Embedded.Hosting;

/// <summary>Which errors mean "try again later" (503) and not "this is broken" (500).</summary>
internal static class DatabaseErrors
{
    public static bool IsUnavailable(Exception e) => e switch
    {
        // The engine makes its tables in the background after the start; until then they are missing.
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName } => true,
        NpgsqlException { IsTransient: true } => true,
        NpgsqlException { InnerException: System.Net.Sockets.SocketException or IOException } => true,
        TimeoutException => true,
        _ => false,
    };
}
