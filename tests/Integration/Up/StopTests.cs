using WhatsOps.Cli.Local;

namespace WhatsOps.Tests.Integration.Up;

/// <summary>However an up ends, nothing of it is left running.</summary>
public sealed class StopTests
{
    [Fact]
    public async Task Ctrl_C_in_the_middle_of_the_start_and_kill_9_with_down_leave_no_process_no_port_and_no_state()
    {
        await using var stand = new UpStand();
        using (var interrupted = stand.Start("up", "--port", $"{FreePort.Next()}"))
        {
            // The first gateway is there, and PostgreSQL is being made.
            await stand.UntilAsync(interrupted, state => state.Processes.Count > 1 && state.PostgresData is not null);
            Assert.True(await interrupted.InterruptAsync() == 0, interrupted.Said);
            Assert.DoesNotContain("Unhandled exception", interrupted.Said, StringComparison.Ordinal);
            await stand.AssertNothingIsLeftAsync();
        }

        using (var killed = stand.Start("up", "--port", $"{FreePort.Next()}"))
        {
            await stand.UntilAsync(killed, state => state.Processes.Any(process => process.Name == "host"));
            await killed.KillAsync();
            Assert.True(LocalPostgres.Runs(stand.State!.PostgresData!), "it outlives up");
            var said = await stand.RunAsync("down");
            foreach (var server in (string[])["PostgreSQL", "Azurite", "gateway-3", "others", "host"]) Assert.Contains($"stopped {server}", said, StringComparison.Ordinal);
            await stand.AssertNothingIsLeftAsync();
        }

        Assert.Contains("Nothing was running.", await stand.RunAsync("down"), StringComparison.Ordinal);
    }
}
