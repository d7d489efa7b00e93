using Microsoft.Extensions.Time.Testing;
using WhatsOps.Events;
using WhatsOps.Fleet;
using WhatsOps.Tests.Integration.Events;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Delivery;

/// <summary>The receiver and the sender in one host, a product that takes what system <c>shop</c> forwards, and a clock that stands still.</summary>
internal sealed class DeliveryWorld : IAsyncDisposable
{
    /// <summary>Oscar is an operator.</summary>
    public const string OscarsKey = "key-of-oscar";

    private readonly Dictionary<string, string> _secrets = [];

    private DeliveryWorld(TestDatabase database, ProductReceiver product, ReceiverHost host, FakeTimeProvider time) =>
        (Database, Product, Host, Time) = (database, product, host, time);

    public TestDatabase Database { get; }

    public ProductReceiver Product { get; }

    public ReceiverHost Host { get; }

    public FakeTimeProvider Time { get; }

    /// <param name="change">What differs in the system's webhook options.</param>
    public static Task<DeliveryWorld> CreateAsync(Func<WebhookOptions, WebhookOptions>? change = null, params string[] settings) =>
        CreateAsync(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), [], change, settings);

    public static async Task<DeliveryWorld> CreateAsync(
        DateTimeOffset now, IReadOnlyList<GatewayEndpoint> gateways, Func<WebhookOptions, WebhookOptions>? change = null, params string[] settings)
    {
        var database = await Databases.OperationsAsync();
        var product = await ProductReceiver.StartAsync();
        var time = new FakeTimeProvider(now);
        var options = new WebhookOptions { DeliverTo = product.Url + "/hook/{tenant}", DeliverySecret = "${env:DELIVERY_SECRET}" };
        var host = await ReceiverHost.StartWithAsync(Fleet(change?.Invoke(options) ?? options, gateways), database.ConnectionString, time, [$"--DELIVERY_SECRET={ProductReceiver.Secret}", .. settings]);
        return new(database, product, host, time);
    }

    public static FleetDocument Fleet(WebhookOptions shop, IReadOnlyList<GatewayEndpoint>? gateways = null)
    {
        var plain = ReceiverHost.Fleet();
        var hash = "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(OscarsKey)));
        return plain with { Operators = [.. plain.Operators, new() { Name = "oscar", Role = OperatorRole.Operator, KeyHash = hash }], Systems = [.. plain.Systems.Select(system => system.Name == "shop" ? system with { Webhook = shop, Gateways = gateways ?? [] } : system)] };
    }

    /// <summary>An event as the gateway sends it; it must be stored.</summary>
    public async Task SendAsync(string tenant, string body, string system = "shop")
    {
        if (!_secrets.TryGetValue($"{system}/{tenant}", out var secret)) _secrets[$"{system}/{tenant}"] = secret = await Host.SecretAsync(tenant, system);
        Assert.Equal((200, "stored"), await Host.SendAsync(tenant, body, secret));
    }

    public Task MessageAsync(string tenant, string id) => SendAsync(tenant, Webhooks.Message($"shop-{tenant}", id));

    /// <summary>Sends whatever is due by the clock.</summary>
    public Task DrainAsync() => Host.Get<DeliverySender>().DrainAsync(TimeSpan.FromMinutes(1), CancellationToken.None);

    /// <summary>Lets time pass, sending at every step what becomes due.</summary>
    public async Task PassAsync(TimeSpan time, TimeSpan step)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            Time.Advance(step);
            await DrainAsync();
        }
    }

    public Task<long> CountAsync(string where) => Host.CountAsync("deliveries", where);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Product.DisposeAsync();
        await Database.DisposeAsync();
    }
}
