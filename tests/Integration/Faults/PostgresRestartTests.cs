using System.Collections.Concurrent;
using System.Net;
using System.Text;
using WhatsOps.Cli.Local;
using WhatsOps.Tests.Integration.Events;
using WhatsOps.Tests.Integration.Hosts;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>
/// The whole host while PostgreSQL crashes and comes back, under webhook load and in the middle of a reset. WHATSOPS_FAULTS=full crashes it after
/// every act of the reset, otherwise after the two worst: the instance is being removed, and it was just made.
/// </summary>
public sealed class PostgresRestartTests(ITestOutputHelper output)
{
    private const int Senders = 8;
    private const int NoAnswer = 0;
    private static readonly string[] Moments = Environment.GetEnvironmentVariable("WHATSOPS_FAULTS") == "full"
        ? ["DELETE /instance/logout", "DELETE /instance/delete", "POST /instance/create", "GET /instance/connect"]
        : ["DELETE /instance/delete", "POST /instance/create"];

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_a_reset_under_way_completes_without_doing_anything_twice()
    {
        await using var postgres = await TestServers.OwnPostgresAsync("whole-host-crash");
        // Only WhatsOps' own database crashes: the product's has another server.
        await using var rig = await HostRig.CreateAsync(postgres.ConnectionString(), new() { ScanAfter = TimeSpan.FromMilliseconds(50) });
        await rig.SeedAsync("acme");
        var host = await rig.StartHostAsync();
        var (_, made) = await rig.SendAsync(host, rig.Bia, HttpMethod.Post, $"api/tenants/{HostRig.System}/acme/webhook-secret/rotate");
        var answers = new ConcurrentDictionary<string, int>();
        var refusals = 0;
        using var stop = new CancellationTokenSource();
        var senders = Enumerable.Range(0, Senders).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var time = Webhooks.NextTime();
                // As Evolution does: the same event again until it is acknowledged.
                while ((answers[time] = await PostAsync(host, made!["secret"]!.GetValue<string>(), time)) != 200 && !stop.IsCancellationRequested)
                {
                    Interlocked.Increment(ref refusals);
                    await Task.Delay(20);
                }
            }
        })).ToArray();

        var number = 0;
        foreach (var moment in Moments) await CrashAsync(rig, host, postgres, $"shop-{number++}", moment, () => Volatile.Read(ref refusals));
        var before = answers.Count(answer => answer.Value == 200);
        await Waiting.UntilAsync(() => answers.Count(answer => answer.Value == 200) > before + 100);
        await stop.CancelAsync();
        await Task.WhenAll(senders);

        Assert.Equal([200, 503], answers.Values.Where(answer => answer != NoAnswer).Append(200).Append(503).Distinct().Order());
        var stored = await StoredAsync(rig);
        var lost = answers.Where(answer => answer.Value == 200 && !stored.ContainsKey(answer.Key)).ToList();
        output.WriteLine($"{Moments.Length} crashes, {answers.Count} events, {refusals} times not acknowledged, {lost.Count} lost, {stored.Count(item => item.Value > 1)} twice");
        Assert.Empty(lost);
        Assert.DoesNotContain(stored, item => item.Value > 1);
        Assert.Equal(0L, await rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.run_locks"));
    }

    private async Task CrashAsync(HostRig rig, HostProcess host, LocalPostgres postgres, string slug, string moment, Func<int> refusals)
    {
        await rig.SeedAsync(slug);
        var path = await rig.ResetAsync(host, slug);
        await Waiting.UntilAsync(() => rig.Acts(slug).Any(act => act.StartsWith(moment, StringComparison.Ordinal)), 60, moment);
        await postgres.StopServerAsync("immediate", CancellationToken.None);
        var before = refusals();
        await Waiting.UntilAsync(() => refusals() > before + 20);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(host, "api/health/ready"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, "api/health/live"));
        Assert.Equal(503, (await rig.SendAsync(host, rig.Vera, HttpMethod.Get, path)).Status);
        await postgres.StartServerAsync(CancellationToken.None);
        var since = System.Diagnostics.Stopwatch.StartNew();

        await Waiting.UntilAsync(async () => await StatusAsync(host, "api/health/ready") == HttpStatusCode.OK);
        output.WriteLine($"crash after {moment}: ready again after {since.Elapsed.TotalSeconds:0.0} s");
        var run = await rig.EndOfAsync(host, path);
        output.WriteLine($"  {run["state"]} after {since.Elapsed.TotalSeconds:0.0} s: {string.Join(", ", rig.Acts(slug))}");
        Assert.True(run["state"]!.GetValue<string>() == "completed", run.ToJsonString());
        TwoHostsTests.AssertNothingTwice(rig, slug);
        Assert.False(host.HasExited);
    }

    private static async Task<int> PostAsync(HostProcess host, string secret, string time)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/whatsapp/webhook/acme")
        {
            Content = new StringContent(Webhooks.Message("revalya-acme", "R" + time, dateTime: time), Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("x-whatsops-secret", secret);
        try
        {
            using var response = await host.Client.SendAsync(request);
            if ((int)response.StatusCode == 503) Assert.NotNull(response.Headers.RetryAfter);
            return (int)response.StatusCode;
        }
        catch (OperationCanceledException)
        {
            // The client's patience ended: not acknowledged, as for a gateway.
            return NoAnswer;
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(HostProcess host, string path)
    {
        using var response = await host.Client.GetAsync(path);
        return response.StatusCode;
    }

    private static async Task<Dictionary<string, int>> StoredAsync(HostRig rig)
    {
        await using var command = rig.Database.CreateCommand("SELECT gateway_time, count(*)::int FROM whatsops.events WHERE tenant = 'acme' GROUP BY 1");
        await using var rows = await command.ExecuteReaderAsync();
        var stored = new Dictionary<string, int>();
        while (await rows.ReadAsync()) stored[Webhooks.Time(rows.GetFieldValue<DateTimeOffset>(0))] = rows.GetInt32(1);
        return stored;
    }
}
