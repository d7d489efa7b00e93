using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using WhatsOps.Fleet;
using WhatsOps.Tests.Integration.Delivery;
using WhatsOps.Tests.Integration.Events;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>kill -9 on the real host process while it takes webhooks and forwards them, to a product that is away for a while. WHATSOPS_FAULTS=full kills 20 times, otherwise 3.</summary>
public sealed class DeliveryKillTests(ITestOutputHelper output)
{
    private static readonly int Kills = Environment.GetEnvironmentVariable("WHATSOPS_FAULTS") == "full" ? 20 : 3;
    private static readonly string[] Tenants = ["acme", "blue"];

    [Fact]
    public async Task Every_acknowledged_event_reaches_the_product_at_least_once_however_often_the_host_is_killed()
    {
        await using var database = await Databases.OperationsAsync();
        await using var product = await ProductReceiver.StartAsync();
        var webhook = new WebhookOptions { DeliverTo = product.Url + "/hook/{tenant}", DeliverySecret = "${env:DELIVERY_SECRET}" };
        await using var setUp = await ReceiverHost.StartWithAsync(DeliveryWorld.Fleet(webhook), database.ConnectionString, TimeProvider.System);
        var secrets = new Dictionary<string, string>();
        foreach (var tenant in Tenants) secrets[tenant] = await setUp.SecretAsync(tenant);
        var settings = new Dictionary<string, string>
        {
            ["OperationsDatabase"] = database.ConnectionString, ["DataKeyFile"] = setUp.KeyFile, ["FleetFile"] = Path.Combine(Repository.Root, "fleet.sample.json"),
            ["DELIVERY_SECRET"] = ProductReceiver.Secret,
            // Shorter leases, so that what a killed host held is free sooner.
            ["DeliveryTimeoutSeconds"] = "1",
        };

        var isAway = true;
        product.Rule = (_, _) => Volatile.Read(ref isAway) ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        var acknowledged = new ConcurrentDictionary<string, string>();
        HostProcess? host = null;
        using var stop = new CancellationTokenSource();
        var senders = Enumerable.Range(0, 6).Select(sender => Task.Run(() => SendAsync(() => Volatile.Read(ref host), Tenants[sender % 2], secrets[Tenants[sender % 2]], acknowledged, stop.Token))).ToArray();
        var random = new Random(20260302);
        for (var kill = 1; kill <= Kills; kill++)
        {
            Volatile.Write(ref host, HostProcess.Start(settings));
            var before = acknowledged.Count;
            var work = random.Next(50, 200);
            await Waiting.UntilAsync(() => acknowledged.Count >= before + work, 60);
            // Both tenants' first events meet a product that is away: two tenants open no breaker, so the test need not wait for its probe.
            if (kill == 1) await Waiting.UntilAsync(() => product.Calls.Select(call => call.Path).Distinct().Count() == 2, 60);
            Volatile.Write(ref isAway, false);
            var victim = host!;
            victim.Kill();
            Volatile.Write(ref host, null);
            victim.Dispose();
        }

        await stop.CancelAsync();
        await Task.WhenAll(senders);
        using var last = HostProcess.Start(settings);
        await Waiting.UntilAsync(async () => await setUp.CountAsync("deliveries", "state <> 'delivered'") == 0, 120);

        var taken = product.Taken.GroupBy(call => call.MessageId!).ToDictionary(calls => calls.Key, calls => calls.ToArray());
        var lost = acknowledged.Keys.Where(id => !taken.ContainsKey(id)).ToArray();
        output.WriteLine($"{Kills} kills, {acknowledged.Count} events acknowledged, {taken.Count} at the product, {lost.Length} lost, {product.Taken.Count() - taken.Count} deliveries more than once, {product.Calls.Count(call => call.Status == 503)} refused while it was away");
        Assert.Contains(product.Calls, call => call.Status == 503);
        Assert.Empty(lost);
        // What comes twice can be told by its id; and it comes for its tenant, signed.
        Assert.All(taken.Values, calls => Assert.Single(calls.Select(call => call.Id).Distinct()));
        Assert.All(product.Taken, call => Assert.True(call.IsSigned() && call.Path == "/hook/" + call.MessageId!.Split('-')[0]));
    }

    // As Evolution does: the same event again until it is acknowledged.
    private static async Task SendAsync(Func<HostProcess?> current, string tenant, string secret, ConcurrentDictionary<string, string> acknowledged, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var time = Webhooks.NextTime();
            var id = $"{tenant}-{time}";
            var body = Webhooks.Message($"shop-{tenant}", id, dateTime: time);
            while (!stop.IsCancellationRequested && !await IsAcknowledgedAsync(current(), tenant, secret, body)) await Task.Delay(10, CancellationToken.None);
            if (!stop.IsCancellationRequested) acknowledged[id] = tenant;
            await Task.Delay(5, CancellationToken.None);
        }
    }

    private static async Task<bool> IsAcknowledgedAsync(HostProcess? host, string tenant, string secret, string body)
    {
        if (host is null) return false;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/whatsapp/webhook/{tenant}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.Add("x-whatsops-secret", secret);
            using var response = await host.Client.SendAsync(request, CancellationToken.None);
            return (int)response.StatusCode == 200;
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The host is not up yet, or was killed with our request in its hands.
            return false;
        }
    }
}
