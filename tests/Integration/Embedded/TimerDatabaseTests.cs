using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Embedded;

/// <summary>Timers while their database is away.</summary>
public sealed class TimerDatabaseTests : TimerWorld
{
    [Fact]
    public async Task Without_the_database_the_host_starts_serves_HTTP_and_says_503_where_the_database_is_needed()
    {
        await using var host = await TestFunctionHost.StartAsync(
            [typeof(TimedFunctions.EveryMinute), typeof(TimedFunctions.Hello)], services => services.AddSingleton(Journal), "--EmbeddedHost:Database=Host=127.0.0.1;Port=1;Timeout=1");
        Assert.Equal("hello", await host.Client.GetStringAsync("api/Hello"));
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await InvokeAsync(host, "EveryMinute", TestFunctionHost.MasterKey)).StatusCode);
    }

    [Fact]
    public async Task A_run_missed_while_the_database_was_away_is_made_up_for_when_it_is_back()
    {
        await using var postgres = await TestServers.OwnPostgresAsync("timers");
        await using var host = await TestFunctionHost.StartAsync(
            [typeof(TimedFunctions.EveryMinute)],
            services => services.AddSingleton<TimeProvider>(Time).AddSingleton(Journal),
            $"--EmbeddedHost:Database={postgres.ConnectionString()}");
        Assert.Equal(HttpStatusCode.Accepted, (await InvokeAsync(host, "EveryMinute", TestFunctionHost.MasterKey)).StatusCode);
        // The run must have given its lease back, or the next one rightly waits for the lease to end.
        await using var source = NpgsqlDataSource.Create(postgres.ConnectionString());
        await using var leases = source.CreateCommand("SELECT count(*) FROM durable.timers WHERE fence = 1 AND lease_until IS NULL");
        await Eventually(async () => Journal.Runs.Count == 1 && await leases.ExecuteScalarAsync() is 1L);

        await postgres.StopServerAsync("immediate", CancellationToken.None);
        Time.Advance(TimeSpan.FromMinutes(10));
        await Eventually(() => Task.FromResult(host.Logs.Lines.Any(line => line.Contains("waits for the database", StringComparison.Ordinal))));
        await postgres.StartServerAsync(CancellationToken.None);

        await Eventually(() => Task.FromResult(Journal.Runs.Count == 2));
        Assert.True(Journal.Runs.ElementAt(1).IsPastDue);
    }
}
