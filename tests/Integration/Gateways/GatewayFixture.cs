using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Tests.Integration.Gateways;

/// <summary>The gateway client as the app builds it, with a call log in memory and, if wanted, a clock of the test's own.</summary>
internal sealed class GatewayFixture : IDisposable
{
    public const string Key = "test-key";
    private readonly ServiceProvider _provider;

    public GatewayFixture(TimeProvider? time = null)
    {
        _provider = new ServiceCollection()
            .AddLogging()
            .AddSingleton(time ?? TimeProvider.System)
            .AddSingleton<IFleet>(new PlainFleet())
            .AddGateways()
            .AddSingleton<IGatewayCallLog>(Calls)
            .BuildServiceProvider();
    }

    public MemoryCallLog Calls { get; } = new();

    public IGateway Open(string url, string key = Key, bool forSweep = false)
    {
        var system = new FleetSystem { Name = "revalya", Kind = "evolution", InstancePrefix = "revalya-" };
        return Open(system, new GatewayEndpoint { Name = "main", Url = url, ApiKey = key }, forSweep);
    }

    public IGateway Open(FleetSystem system, GatewayEndpoint endpoint, bool forSweep = false)
    {
        var gateways = _provider.GetRequiredService<IGateways>();
        return forSweep ? gateways.OpenForSweep(system, endpoint) : gateways.Open(system, endpoint);
    }

    public T Get<T>() where T : notnull => _provider.GetRequiredService<T>();

    public void Dispose() => _provider.Dispose();

    internal sealed class MemoryCallLog : IGatewayCallLog
    {
        private readonly ConcurrentQueue<GatewayCall> _calls = new();

        public IReadOnlyList<GatewayCall> All => [.. _calls];

        public long Dropped => 0;

        public void Record(GatewayCall call) => _calls.Enqueue(call);
    }

    private sealed class PlainFleet : IFleet
    {
        public ValueTask<FleetVersion?> CurrentAsync(CancellationToken cancellation) => new((FleetVersion?)null);

        public string Resolve(string reference) => reference;
    }
}
