using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using WhatsOps.Database;

namespace WhatsOps.Tests.Unit.Database;

public sealed class DatabaseServicesTests
{
    [Theory]
    [InlineData(null, 33)]
    [InlineData("", 33)]
    [InlineData("7", 7)]
    public void The_pool_of_the_setting_wins_over_the_connection_string(string? pool, int size)
    {
        using var services = Services(pool).BuildServiceProvider();
        Assert.Equal(size, new NpgsqlConnectionStringBuilder(services.GetRequiredService<OperationsDatabaseOptions>().ConnectionString).MaxPoolSize);
        Assert.Equal(size, new NpgsqlConnectionStringBuilder(services.GetRequiredService<NpgsqlDataSource>().ConnectionString).MaxPoolSize);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("many")]
    [InlineData("5000")]
    public void A_pool_that_is_no_number_of_connections_is_refused_by_its_name(string pool)
    {
        var problem = Assert.Throws<InvalidOperationException>(() => Services(pool));
        Assert.Contains("OperationsDatabasePool", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", problem.Message, StringComparison.Ordinal);
    }

    private static IServiceCollection Services(string? pool) => new ServiceCollection().AddLogging().AddDatabase(
        new ConfigurationManager { ["OperationsDatabase"] = "Host=h;Username=u;Password=planted;Maximum Pool Size=33", ["OperationsDatabasePool"] = pool });
}
