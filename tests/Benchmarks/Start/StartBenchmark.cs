using WhatsOps.Cli.Local;

namespace WhatsOps.Benchmarks.Start;

/// <summary>
/// From the start of the process to the first webhook acknowledged, which means stored: the published build (ReadyToRun) beside the same
/// sources published without it. The database is migrated already, as at every start but the first.
/// </summary>
public sealed class StartBenchmark : IBenchmark
{
    private const int Runs = 7;
    private const double GoalSeconds = 1.0;

    public string Name => "start";

    public async Task<BenchmarkResult> RunAsync(BenchmarkServers servers, CancellationToken cancellation)
    {
        servers.Say("start: publishing twice…");
        var ready = await PublishAsync("publish", readyToRun: true, cancellation);
        var jitted = await PublishAsync("publish-jit", readyToRun: false, cancellation);
        await using var target = await StartTarget.PrepareAsync(servers, ready, cancellation);

        // One start of each is thrown away: the first one reads the files from the disk.
        await target.MeasureAsync(ready, cancellation);
        await target.MeasureAsync(jitted, cancellation);
        var (ours, baseline) = (new List<double>(), new List<double>());
        for (var run = 0; run < Runs; run++)
        {
            ours.Add(await target.MeasureAsync(ready, cancellation));
            baseline.Add(await target.MeasureAsync(jitted, cancellation));
        }

        var (seconds, without) = (BenchmarkServers.Median(ours), BenchmarkServers.Median(baseline));
        return new BenchmarkResult(
            Name,
            "seconds from process start to the first acknowledged webhook",
            seconds,
            new Dictionary<string, double> { ["without_ready_to_run"] = without },
            new Dictionary<string, double> { ["times_faster_than_without_ready_to_run"] = without / seconds },
            [BenchmarkGoal.AtMost("seconds", seconds, GoalSeconds)])
        {
            Details = new Dictionary<string, double> { ["fastest_seconds"] = ours.Min(), ["slowest_seconds"] = ours.Max(), ["runs"] = Runs },
        };
    }

    private static async Task<string> PublishAsync(string folder, bool readyToRun, CancellationToken cancellation)
    {
        var output = Path.Combine(Repository.Root, ".local", folder);
        await ChildProcess.RunAsync(Repository.DotNet,
            [
                "publish", Path.Combine(Repository.Root, "functions"), "-c", "Release", "-o", output, "--disable-build-servers", "-v", "quiet", "--nologo",
                $"-p:PublishReadyToRun={(readyToRun ? "true" : "false")}",
            ], cancellation);
        return output;
    }
}
