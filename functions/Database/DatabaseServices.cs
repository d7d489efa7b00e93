using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace WhatsOps.Database;

/// <summary>
/// Registers the operations database: the data source, the migrations and the signal that they are done. Setting <c>OperationsDatabasePool</c> bounds the
/// connections of this process, whatever the connection string says: pool × processes must stay under the server's max_connections, and where the
/// platform starts processes it must be said beside their number.
/// </summary>
public static class DatabaseServices
{
    public static IServiceCollection AddDatabase(this IServiceCollection services, IConfiguration configuration)
    {
        var connectionString = configuration["OperationsDatabase"];
        if (string.IsNullOrWhiteSpace(connectionString))
            throw new InvalidOperationException(
                "Setting OperationsDatabase is missing. Fix: set it to the connection string of WhatsOps' own PostgreSQL database "
                + "(environment, or Values in local.settings.json).");
        connectionString = Bounded(connectionString, configuration["OperationsDatabasePool"]);
        services.AddSingleton(new OperationsDatabaseOptions(connectionString));
        services.AddSingleton(_ => NpgsqlDataSource.Create(connectionString));
        services.AddSingleton<Migrator>();
        services.AddSingleton<MigrationService>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<MigrationService>());
        return services;
    }

    private static string Bounded(string connectionString, string? pool) => pool switch
    {
        null or "" => connectionString,
        _ when int.TryParse(pool, out var size) && size is >= 2 and <= 1000 => new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = size }.ConnectionString,
        _ => throw new InvalidOperationException($"Setting OperationsDatabasePool is '{pool}'. Fix: a number from 2 to 1000, or remove it."),
    };
}
