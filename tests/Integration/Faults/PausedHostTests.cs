using System.Diagnostics;
using WhatsOps.Tests.Integration.Hosts;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>
/// The host that works is stopped with SIGSTOP in the middle of a reset for longer than the engine's lease of 10 s, as a virtual machine is that is moved or a
/// laptop that is closed, and goes on with SIGCONT, its answers of the gateway still in its hands. WHATSOPS_FAULTS=full stops it at four moments, otherwise at one.
/// </summary>
public sealed class PausedHostTests(ITestOutputHelper output)
{
    private static readonly int Pauses = Environment.GetEnvironmentVariable("WHATSOPS_FAULTS") == "full" ? 4 : 1;
    private static readonly TimeSpan LongerThanTheLease = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_host_that_slept_through_its_lease_in_the_middle_of_a_reset_repeats_nothing_when_it_wakes()
    {
        await using var operations = await Databases.OperationsAsync();
        await using var rig = await HostRig.CreateAsync(operations.ConnectionString, new() { ScanAfter = TimeSpan.FromMilliseconds(50) });
        var worker = await rig.StartHostAsync();
        // The first one has the lease before the second one is there: it is the one that works.
        await Waiting.UntilAsync(() => rig.ScalarAsync<bool>("SELECT owner IS NOT NULL FROM durable.lease"));
        var other = await rig.StartHostAsync();
        var byOther = 0;
        for (var pause = 0; pause < Pauses; pause++)
        {
            var slug = $"acme-{pause}";
            await rig.SeedAsync(slug);
            var path = await rig.ResetAsync(other, slug);
            await Waiting.UntilAsync(() => rig.Acts(slug).Count >= pause + 1);
            await SignalAsync("STOP", worker);
            var ended = rig.EndOfAsync(other, path);
            // At some moments the other finishes only when this one has woken.
            if (await Task.WhenAny(ended, Task.Delay(LongerThanTheLease)) == ended) byOther++;
            await SignalAsync("CONT", worker);

            var run = await ended;
            Assert.True(run["state"]!.GetValue<string>() == "completed", run.ToJsonString());
            await worker.UntilAnswersAsync();
            var acts = rig.Acts(slug);
            // What it had begun before it slept would come now.
            await Task.Delay(TimeSpan.FromSeconds(3));
            Assert.Equal(acts, rig.Acts(slug));
            TwoHostsTests.AssertNothingTwice(rig, slug);
            (worker, other) = (other, worker);
        }

        output.WriteLine($"{Pauses} pauses longer than the lease, {byOther} resets completed by the other meanwhile, 0 steps twice");
        Assert.Equal(0L, await rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.run_locks"));
    }

    private static async Task SignalAsync(string signal, HostProcess host)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{host.Id}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }
}
