using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Gateways;
using WhatsOps.Health;

namespace WhatsOps.Benchmarks.Sweep;

/// <summary>
/// A whole sweep of 10,000 instances on 20 gateways of 5 ms latency, judged and stored in PostgreSQL, beside the manual's way: one
/// connectionState call per tenant in sequence, nothing stored. The baseline is measured on 300 tenants per run and scaled up linearly.
/// The gateways are processes of their own; tenants come from memory in both.
/// </summary>
public sealed class SweepBenchmark : IBenchmark
{
    private const int Gateways = 20;
    private const int PerGateway = 500;
    private const int Sample = 300;
    private const int Runs = 5;
    private const double GoalRatio = 50;
    private const double GoalMegabytes = 300;

    public string Name => "sweep";

    public async Task<BenchmarkResult> RunAsync(BenchmarkServers servers, CancellationToken cancellation)
    {
        servers.Say($"sweep: starting {Gateways} gateways…");
        await using var fleet = await SimulatedFleet.StartAsync(Gateways, PerGateway, cancellation);
        await using var services = await SweepServices.BuildAsync(await servers.CreateDatabaseAsync(cancellation), fleet, cancellation);
        var sweep = services.GetRequiredService<HealthSweep>();

        // The first sweep knows nobody and looks at many directly; its time is told apart, its memory counts.
        var (first, megabytes) = await PeakMemory.DuringAsync(() => TimedAsync(() => SweepAsync(sweep, cancellation)));
        await OneByOneAsync(services, fleet, 20, cancellation);
        var (ours, baseline, calls) = (new List<double>(), new List<double>(), 0);
        for (var run = 0; run < Runs; run++)
        {
            var (took, peak) = await PeakMemory.DuringAsync(() => TimedAsync(async () => calls = await SweepAsync(sweep, cancellation)));
            ours.Add(took);
            megabytes = Math.Max(megabytes, peak);
            baseline.Add(await TimedAsync(() => OneByOneAsync(services, fleet, Sample, cancellation)) * Gateways * PerGateway / Sample);
        }

        var (seconds, sequential) = (BenchmarkServers.Median(ours), BenchmarkServers.Median(baseline));
        return new BenchmarkResult(
            Name,
            "seconds per sweep of 10,000 instances",
            seconds,
            new Dictionary<string, double> { ["one_call_per_tenant_scaled_from_300"] = sequential },
            new Dictionary<string, double> { ["times_faster_than_one_call_per_tenant"] = sequential / seconds },
            [BenchmarkGoal.AtLeast("times_faster_than_one_call_per_tenant", sequential / seconds, GoalRatio), BenchmarkGoal.AtMost("peak_megabytes", megabytes, GoalMegabytes)])
        {
            Details = new Dictionary<string, double> { ["peak_megabytes"] = megabytes, ["calls"] = calls, ["first_sweep_seconds"] = first, ["runs"] = Runs },
        };
    }

    private static async Task<int> SweepAsync(HealthSweep sweep, CancellationToken cancellation)
    {
        var report = (await sweep.RunAsync(cancellation))!;
        if (report.OverallStatus is HealthStatus.Error or HealthStatus.Unhealthy || report.Systems[0].Tenants.Count != Gateways * PerGateway)
            throw new InvalidOperationException($"The sweep did not see the fleet: {report.OverallStatus}, {report.Systems[0].Tenants.Count} tenants, {report.Systems[0].Error}");
        return report.CallsMade;
    }

    private static async Task OneByOneAsync(IServiceProvider services, SimulatedFleet fleet, int count, CancellationToken cancellation)
    {
        var gateways = services.GetRequiredService<IGateways>();
        for (var i = 0; i < count; i++)
        {
            var gateway = gateways.OpenForSweep(fleet.System, fleet.System.Gateways[i % Gateways]);
            var look = await gateway.StateAsync(SimulatedFleet.Instance(i % Gateways, i / Gateways), cancellation);
            if (!look.IsSeen) throw new InvalidOperationException($"The baseline got no state: {look.Detail}");
        }
    }

    private static async Task<double> TimedAsync(Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        await work();
        return clock.Elapsed.TotalSeconds;
    }
}
