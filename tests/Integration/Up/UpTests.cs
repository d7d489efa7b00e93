using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using WhatsOps.Cli.Local;
using WhatsOps.Cli.Up;

namespace WhatsOps.Tests.Integration.Up;

/// <summary>What a newcomer sees: the script itself, with everything real but the gateways.</summary>
public sealed class UpTests
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    [Fact]
    public async Task Up_once_shows_the_whole_loop_and_leaves_nothing_behind()
    {
        // A path with a space, and no repository's own .local: a developer's running up is not disturbed.
        var local = Directory.CreateTempSubdirectory("whatsops up ").FullName;
        var started = new List<RunningProcess>();
        string? postgres = null;
        using var up = Start(local, "up", "--once");
        var output = up.StandardOutput.ReadToEndAsync();
        var errors = up.StandardError.ReadToEndAsync();
        while (!up.WaitForExit(100))
            if (Read(local) is { } state)
            {
                started = [.. state.Processes];
                postgres = state.PostgresData ?? postgres;
            }

        var said = await output;
        Assert.True(up.ExitCode == 0, $"{said}\n{await errors}");
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
        Assert.True(started.Count >= 7, "up itself, Azurite, three gateways, the other products and the host were seen running");
        Assert.All(started, process => Assert.Null(process.Find()));
        Assert.NotNull(postgres);
        Assert.False(File.Exists(Path.Combine(postgres, "postmaster.pid")), "PostgreSQL is stopped");
        Assert.False(File.Exists(Path.Combine(local, "up.json")));
        AssertNoSecretIsIn(said, local);
        await AssertNobodyListensAsync(said);
        Directory.Delete(local, recursive: true);
        // As root the cluster lives elsewhere, because user postgres cannot enter a private temporary folder.
        var cluster = Path.GetDirectoryName(postgres)!;
        if (Directory.Exists(cluster)) Directory.Delete(cluster, recursive: true);
    }

    [Fact]
    public async Task Without_a_running_whatsops_a_command_says_what_to_do()
    {
        var local = Directory.CreateTempSubdirectory("whatsops-none-").FullName;
        using var findings = Start(local, "findings");
        var errors = await findings.StandardError.ReadToEndAsync();
        await findings.WaitForExitAsync();

        Assert.Equal(1, findings.ExitCode);
        Assert.Contains("Fix: start one with ./whatsops up", errors, StringComparison.Ordinal);
        Directory.Delete(local, recursive: true);
    }

    private static Process Start(string local, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "whatsops"), arguments)
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        };
        start.Environment["WHATSOPS_LOCAL"] = local;
        foreach (var name in (string[])["WHATSOPS_URL", "WHATSOPS_KEY"]) start.Environment.Remove(name);
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    private static UpState? Read(string local)
    {
        try
        {
            return JsonSerializer.Deserialize<UpState>(File.ReadAllText(Path.Combine(local, "up.json")), Web);
        }
        catch (Exception problem) when (problem is IOException or JsonException)
        {
            return null;
        }
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

    private static async Task AssertNobodyListensAsync(string said)
    {
        var address = said[said.IndexOf("http://127.0.0.1:", StringComparison.Ordinal)..].Split(' ', '\r', '\n')[0];
        using var client = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(IPAddress.Loopback, new Uri(address).Port));
    }
}
