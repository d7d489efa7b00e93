using System.Collections.Concurrent;
using System.Text;
using WhatsOps.Tests.Integration.Events;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>kill -9 on the real host process under webhook load. WHATSOPS_FAULTS=full kills 50 times, otherwise 5.</summary>
public sealed class ReceiverKillTests(ITestOutputHelper output)
{
    private const int Senders = 12;
    private static readonly int Kills = Environment.GetEnvironmentVariable("WHATSOPS_FAULTS") == "full" ? 50 : 5;

    [Fact]
    public async Task Every_acknowledged_event_is_in_the_log_exactly_once_however_often_the_host_is_killed()
    {
        await using var database = await Databases.OperationsAsync();
        await using var setUp = await ReceiverHost.StartAsync(database.ConnectionString);
        var secret = await setUp.SecretAsync("acme");
        var acknowledged = new ConcurrentDictionary<string, int>();
        var random = new Random(20260301);
        HostProcess? host = null;
        var settings = new Dictionary<string, string>
        {
            // The fleet in force is the one of the set-up; the file only counts where there is none.
            ["OperationsDatabase"] = database.ConnectionString, ["DataKeyFile"] = setUp.KeyFile, ["FleetFile"] = Path.Combine(Repository.Root, "fleet.sample.json"),
        };
        using var stop = new CancellationTokenSource();
        var senders = Enumerable.Range(0, Senders).Select(_ => Task.Run(() => SendAsync(() => Volatile.Read(ref host), secret, acknowledged, stop.Token))).ToArray();
        for (var kill = 1; kill <= Kills; kill++)
        {
            Volatile.Write(ref host, HostProcess.Start(settings));
            var before = acknowledged.Count;
            // At a random moment of real work, not of start-up.
            var work = random.Next(20, 400);
            await Waiting.UntilAsync(() => acknowledged.Count >= before + work, 60);
            var victim = host!;
            victim.Kill();
            Volatile.Write(ref host, null);
            victim.Dispose();
        }

        await stop.CancelAsync();
        await Task.WhenAll(senders);

        var stored = await StoredAsync(setUp);
        var lost = acknowledged.Keys.Where(time => !stored.ContainsKey(time)).ToArray();
        var twice = stored.Where(item => item.Value > 1).Select(item => item.Key).ToArray();
        output.WriteLine($"{Kills} kills, {acknowledged.Count} events acknowledged, {stored.Count} stored, {lost.Length} lost, {twice.Length} twice");
        Assert.Empty(lost);
        Assert.Empty(twice);
        Assert.Equal(stored.Count, await setUp.CountAsync("event_bodies"));
    }

    // As Evolution does: the same event again until it is acknowledged.
    private static async Task SendAsync(Func<HostProcess?> current, string secret, ConcurrentDictionary<string, int> acknowledged, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var time = Webhooks.NextTime();
            var body = Webhooks.Message("shop-acme", "K" + time, dateTime: time);
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    if (current() is not { } host)
                    {
                        await Task.Delay(5, stop);
                        continue;
                    }

                    using var request = new HttpRequestMessage(HttpMethod.Post, "/api/whatsapp/webhook/acme") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
                    request.Headers.Add("x-whatsops-secret", secret);
                    using var response = await host.Client.SendAsync(request, CancellationToken.None);
                    if ((int)response.StatusCode == 200)
                    {
                        acknowledged[time] = 200;
                        break;
                    }

                    Assert.Equal(503, (int)response.StatusCode);
                }
                catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
                {
                    // The host is not up yet, or was killed with our request in its hands.
                    await Task.Delay(10, CancellationToken.None);
                }
            }
        }
    }

    private static async Task<Dictionary<string, int>> StoredAsync(ReceiverHost host)
    {
        await using var command = host.Database.CreateCommand("SELECT gateway_time, count(*)::int FROM whatsops.events GROUP BY 1");
        await using var rows = await command.ExecuteReaderAsync();
        var stored = new Dictionary<string, int>();
        while (await rows.ReadAsync()) stored[Webhooks.Time(rows.GetFieldValue<DateTimeOffset>(0))] = rows.GetInt32(1);
        return stored;
    }
}
