using System.Collections.Concurrent;
using Npgsql;
using WhatsOps.Cli.Local;
using WhatsOps.Database;
using WhatsOps.Tests.Integration.Events;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>The receiver while its database dies and comes back.</summary>
public sealed class ReceiverDatabaseTests
{
    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_postgres_crashes_under_load_and_meanwhile_it_is_503()
    {
        await using var postgres = await TestServers.OwnPostgresAsync("receiver-crash");
        await using (var admin = NpgsqlDataSource.Create(postgres.ConnectionString()))
        await using (var create = admin.CreateCommand("CREATE DATABASE ops")) await create.ExecuteNonQueryAsync();
        var connectionString = postgres.ConnectionString("ops");
        await using (var source = NpgsqlDataSource.Create(connectionString))
            await new Migrator(source, new OperationsDatabaseOptions(connectionString)).MigrateAsync(CancellationToken.None);
        await using var host = await ReceiverHost.StartAsync(connectionString);
        var secret = await host.SecretAsync("acme");

        var answers = new ConcurrentDictionary<string, int>();
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 16).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var id = $"{worker}-{i}";
                var (status, _) = await host.SendAsync("acme", Webhooks.Message("shop-acme", id, dateTime: $"2026-03-01T00:00:00.{i % 1000:000}Z-{id}"), secret);
                answers[id] = status;
            }
        })).ToArray();
        await Waiting.UntilAsync(() => answers.Count(answer => answer.Value == 200) > 300);
        await postgres.StopServerAsync("immediate", CancellationToken.None);
        await Waiting.UntilAsync(() => answers.Count(answer => answer.Value == 503) > 100);
        await postgres.StartServerAsync(CancellationToken.None);
        // The test's own connections died with the server.
        host.Database.Clear();
        var before = answers.Count(answer => answer.Value == 200);
        await Waiting.UntilAsync(() => answers.Count(answer => answer.Value == 200) > before + 300);
        await stop.CancelAsync();
        await Task.WhenAll(load);

        Assert.Equal([200, 503], answers.Values.Distinct().Order());
        var acknowledged = answers.Count(answer => answer.Value == 200);
        Assert.True(await host.CountAsync("events") >= acknowledged);
        var keys = await host.CountAsync("event_keys");
        Assert.Equal(keys, await host.CountAsync("events"));
        // Repeating everything, as the gateway would, adds exactly what was not acknowledged and not kept.
        foreach (var (id, _) in answers.Where(answer => answer.Value == 200).Take(200))
            Assert.Equal((200, "duplicate"), await host.SendAsync("acme", Webhooks.Message("shop-acme", id, dateTime: $"2026-03-01T00:00:00.{int.Parse(id.Split('-')[1]) % 1000:000}Z-{id}"), secret));
    }
}
