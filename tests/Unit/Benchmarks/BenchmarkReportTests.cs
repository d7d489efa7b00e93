using System.Text.Json.Nodes;
using WhatsOps.Benchmarks;

namespace WhatsOps.Tests.Unit.Benchmarks;

public sealed class BenchmarkReportTests
{
    private static readonly BenchmarkResult Result = new(
        "ingest", "req/s", 1000, new Dictionary<string, double> { ["no_store"] = 4000 }, new Dictionary<string, double> { ["times_no_store"] = 0.25 },
        [BenchmarkGoal.AtLeast("times_no_store", 0.25, 0.2), BenchmarkGoal.AtMost("p99_ms", 40, 50)])
    {
        Details = new Dictionary<string, double> { ["runs"] = 5 },
    };

    [Fact]
    public void The_json_is_one_object_on_one_line_with_exactly_the_seven_members()
    {
        var json = BenchmarkReport.Json(Result);

        Assert.DoesNotContain('\n', json);
        Assert.Equal(["baselines", "goals", "met", "name", "ours", "ratios", "unit"], JsonNode.Parse(json)!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_measured_number_with_a_goal_is_a_ratio_to_it_unless_it_is_a_ratio_already()
    {
        Assert.Equal(new Dictionary<string, double> { ["times_no_store"] = 0.25, ["p99_ms_of_goal"] = 0.8 }, Result.Ratios);
        Assert.Equal(new Dictionary<string, double> { ["at_least_times_no_store"] = 0.2, ["at_most_p99_ms"] = 50 }, Result.Goals);
    }

    [Theory]
    [InlineData(0.2, 50, true)]
    [InlineData(0.19, 50, false)]
    [InlineData(0.2, 50.1, false)]
    public void Every_goal_counts_in_met(double ratio, double p99, bool met) =>
        Assert.Equal(met, (Result with { HeldTo = [BenchmarkGoal.AtLeast("times_no_store", ratio, 0.2), BenchmarkGoal.AtMost("p99_ms", p99, 50)] }).Met);

    [Fact]
    public async Task The_memory_of_the_heaviest_moment_is_seen_although_it_is_given_back_before_the_end()
    {
        const int Megabytes = 300;
        var (after, peak) = await PeakMemory.DuringAsync(async () =>
        {
            await FillAsync(Megabytes);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true);
            return Environment.WorkingSet / 1e6;
        });

        Assert.True(peak > Megabytes, $"{peak} MB");
        // Other tests run meanwhile, and take some too.
        Assert.True(peak > after + (Megabytes / 3), $"{peak} MB, {after} MB at the end");
    }

    private static async Task FillAsync(int megabytes)
    {
        var block = new byte[megabytes * 1_000_000];
        // Memory that nobody wrote to is not in the working set.
        Array.Fill(block, (byte)1);
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        GC.KeepAlive(block);
    }
}
