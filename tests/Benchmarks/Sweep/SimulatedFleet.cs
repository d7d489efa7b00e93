using System.Diagnostics;
using System.Text.Json;
using WhatsOps.Cli.Local;
using WhatsOps.Fleet;

namespace WhatsOps.Benchmarks.Sweep;

/// <summary>Simulated gateways, each a process, and the fleet that names them.</summary>
internal sealed class SimulatedFleet : IFleet, IFleetRejections, IAsyncDisposable
{
    private const string Key = "bench-key";
    private readonly List<Process> processes = [];
    private readonly string folder = Directory.CreateTempSubdirectory("whatsops-bench-").FullName;

    public FleetSystem System { get; private set; } = null!;

    public int PerGateway { get; private init; }

    public static string Instance(int gateway, int number) => $"shop-g{gateway}t{number}";

    public static async Task<SimulatedFleet> StartAsync(int gateways, int perGateway, CancellationToken cancellation)
    {
        var fleet = new SimulatedFleet { PerGateway = perGateway };
        var urls = await Task.WhenAll(Enumerable.Range(0, gateways).Select(gateway => fleet.StartGatewayAsync(gateway, perGateway, cancellation)));
        fleet.System = new FleetSystem
        {
            Name = "shop",
            Kind = "evolution",
            InstancePrefix = "shop-",
            Gateways = [.. urls.Select((url, gateway) => new GatewayEndpoint { Name = $"g{gateway}", Url = url, ApiKey = Key })],
            TenantDirectory = new() { Kind = "revalya", ConnectionString = "memory" },
        };
        return fleet;
    }

    public ValueTask<FleetVersion?> CurrentAsync(CancellationToken cancellation) =>
        new(new FleetVersion(1, new FleetDocument { Systems = [System] }, DateTimeOffset.UnixEpoch, "bench"));

    public Task<FleetRejection?> StandingAsync(CancellationToken cancellation) => Task.FromResult<FleetRejection?>(null);

    public string Resolve(string reference) => reference;

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    private async Task<string> StartGatewayAsync(int gateway, int instances, CancellationToken cancellation)
    {
        var options = new
        {
            apiKey = Key,
            latency = TimeSpan.FromMilliseconds(5),
            instances = Enumerable.Range(0, instances).Select(number => new { name = Instance(gateway, number) }),
        };
        var seed = Path.Combine(folder, $"gateway-{gateway}.json");
        await File.WriteAllTextAsync(seed, JsonSerializer.Serialize(options), cancellation);
        var process = ChildProcess.Start(Repository.DotNet, [Path.Combine(AppContext.BaseDirectory, "WhatsOps.Simulator.dll"), "--seed-file", seed]);
        lock (processes) processes.Add(process);
        var line = await process.StandardOutput.ReadLineAsync(cancellation);
        return line?[line.IndexOf("http://", StringComparison.Ordinal)..].Trim()
            ?? throw new InvalidOperationException($"Gateway {gateway} did not start: {await process.StandardError.ReadToEndAsync(cancellation)}");
    }
}
