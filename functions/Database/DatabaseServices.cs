using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace WhatsOps.Database;

/// <summary>Registers the operations database: the data source, the migrations and the signal that they are done.</summary>
public static class DatabaseServices
{
    public static IServiceCollection AddDatabase(this IServiceCollection services, IConfiguration configuration)
    {
        var connectionString = configuration["OperationsDatabase"];
        if (string.IsNullOrWhiteSpace(connectionString))
            throw new InvalidOperationException(
                "Setting OperationsDatabase is missing. Fix: set it to the connection string of WhatsOps' own PostgreSQL database "
                + "(environment, or Values in local.settings.json).");
        services.AddSingleton(new OperationsDatabaseOptions(connectionString));
        services.AddSingleton(_ => NpgsqlDataSource.Create(connectionString));
        services.AddSingleton<Migrator>();
        services.AddSingleton<MigrationService>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<MigrationService>());
        return services;
    }
}
