using System.Net.Sockets;
using Npgsql;

namespace WhatsOps.Watch;

/// <summary>postgres/postgres at a PostgreSQL server; nothing is asked of it but the connection.</summary>
internal static class PostgresLogin
{
    /// <param name="connectionString">Of the target: host, port and TLS are taken from it.</param>
    public static async Task<LoginAnswer> TryAsync(string connectionString, CancellationToken cancellation)
    {
        try
        {
            var login = new NpgsqlConnectionStringBuilder(connectionString)
            {
                Username = "postgres", Password = "postgres", Database = "postgres", Pooling = false, ApplicationName = "whatsops", Timeout = 10,
            };
            await using var connection = new NpgsqlConnection(login.ConnectionString);
            await connection.OpenAsync(cancellation);
            return new(true, "The server takes it.");
        }
        catch (PostgresException problem)
        {
            return problem.SqlState switch
            {
                "28P01" or "28000" => new(false, $"The server refuses it ({problem.SqlState})."),
                // Asked after the password: no such database, no right to connect to it.
                "3D000" or "42501" => new(true, $"The password is right; what is refused is database postgres ({problem.SqlState})."),
                _ => new(null, $"The server answers {problem.SqlState}."),
            };
        }
        catch (NpgsqlException problem)
        {
            return new(null, problem.InnerException is SocketException refused ? SocketWords.Of(refused) : "No connection.");
        }
        catch (ArgumentException)
        {
            return new(null, "Its reference holds no connection string.");
        }
    }
}
