using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace WhatsOps.Embedded.Hosting;

/// <summary>
/// Timers and orchestrations stand still without the database. The app's ready endpoint asks ASP.NET Core's HealthCheckService, which
/// exists on both hosts.
/// </summary>
internal sealed class DatabaseHealthCheck(HostSettings settings) : IHealthCheck
{
    public const string Name = "embedded-host-database";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // Not from a pool: a pool may hand out a connection whose server has gone.
            await using var connection = new NpgsqlConnection(
                new NpgsqlConnectionStringBuilder(settings.Database) { Pooling = false, Timeout = 2, CommandTimeout = 2 }.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand("SELECT 1", connection);
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy($"The database of the embedded host is not reachable: {e.GetType().Name}.");
        }
    }
}
