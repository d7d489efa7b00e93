using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using WhatsOps.Database;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;

namespace WhatsOps.Benchmarks.Sweep;

/// <summary>What a sweep is made of, on a database of its own; tenants come from memory.</summary>
internal static class SweepServices
{
    public static async Task<ServiceProvider> BuildAsync(string connectionString, SimulatedFleet fleet, CancellationToken cancellation)
    {
        var database = NpgsqlDataSource.Create(connectionString);
        await new Migrator(database, new OperationsDatabaseOptions(connectionString)).MigrateAsync(cancellation);
        return new ServiceCollection()
            .AddSingleton(database)
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IFleet>(fleet)
            .AddSingleton<IFleetRejections>(fleet)
            .AddSingleton<ITenantDirectory>(new MemoryTenants(fleet))
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning))
            .AddGateways().AddInstances().AddFindings().AddHealth()
            .BuildServiceProvider();
    }
}
