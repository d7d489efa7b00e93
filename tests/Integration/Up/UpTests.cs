using WhatsOps.Cli.Up;

namespace WhatsOps.Tests.Integration.Up;

/// <summary>What a newcomer sees: the script itself, with everything real but the gateways.</summary>
public sealed class UpTests
{
    [Fact]
    public async Task Up_once_shows_the_whole_loop_and_leaves_nothing_behind()
    {
        await using var stand = new UpStand();
        using var up = stand.Start("up", "--once");
        string? postgres = null;
        while (!up.HasEnded)
        {
            postgres = stand.State?.PostgresData ?? postgres;
            await Task.Delay(100);
        }

        Assert.True(await up.EndAsync() == 0, up.Said);
        var said = up.Said;
        Assert.Contains("gateway_unreachable", said, StringComparison.Ordinal);
        Assert.Contains("WhatsApp ended the session for good", said, StringComparison.Ordinal);
        Assert.Contains("10 targets of 4 other systems are watched", said, StringComparison.Ordinal);
        Assert.Matches(@"turbozap\s+http/health\s+seen", said);
        Assert.Matches(@"instance_not_open\s+turbozap / sapataria", said);
        Assert.Matches(@"instance_not_open\s+taktchat / 1-8", said);
        Assert.Contains("Meta does not accept the agent's token", said, StringComparison.Ordinal);
        Assert.Contains("The bot has lost Redis", said, StringComparison.Ordinal);
        Assert.Contains("approver said yes to exactly this plan", said, StringComparison.Ordinal);
        Assert.Contains("Proof: the gateway says revalya-acougue is open, its webhook is enabled", said, StringComparison.Ordinal);
        Assert.Contains("the finding is closed", said, StringComparison.Ordinal);
        Assert.Contains("50 stored, 50 known already; one with a wrong secret: refused", said, StringComparison.Ordinal);
        Assert.Matches(@"Set [0-9a-f-]{36} restores: \d+ tables with [\d,]+ rows are as they were", said);
        foreach (var reconnected in (string[])[OtherSystems.DeadTurboZapTenant, OtherSystems.DownTaktChatTenant]) Assert.Matches($@"completed\s+reconnect of {reconnected}", said);
        Assert.Contains("Green: no finding is left; 38 of 38 instances are open", said, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', said);
        Assert.True(stand.Seen.Count >= 7, "up itself, Azurite, three gateways, the other products and the host were seen running");
        Assert.NotNull(postgres);
        await stand.AssertNothingIsLeftAsync();
        AssertNoSecretIsIn(said, stand.Local);
    }

    [Fact]
    public async Task Without_a_running_whatsops_a_command_says_what_to_do()
    {
        await using var stand = new UpStand();
        using var findings = stand.Start("findings");

        Assert.Equal(1, await findings.EndAsync());
        Assert.Contains("Fix: start one with ./whatsops up", findings.Said, StringComparison.Ordinal);
    }

    private static void AssertNoSecretIsIn(string said, string local)
    {
        Assert.DoesNotContain("wo_", said, StringComparison.Ordinal);
        foreach (var log in Directory.GetFiles(Path.Combine(local, "logs")))
        {
            var text = File.ReadAllText(log);
            Assert.DoesNotContain("wo_", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Password=", text, StringComparison.OrdinalIgnoreCase);
        }
    }
}
