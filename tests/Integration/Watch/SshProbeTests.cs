using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>Asks real SSH servers which ways to log in they offer.</summary>
public sealed class SshProbeTests
{
    [Theory]
    [Capability("R-386")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_takes_passwords_is_a_finding_and_one_that_takes_keys_only_is_none(bool passwords)
    {
        await using var server = await TestServers.OwnSshAsync(passwords);
        var reading = await ReadAsync(server.Port);
        Assert.Equal((Outcome.Seen, new Measure("ssh.password.offered", passwords ? 1 : 0)), (reading.Outcome, Assert.Single(reading.Measures)));
        Assert.Contains("publickey", reading.Words, StringComparison.Ordinal);
        Assert.Equal(passwords ? [(TroubleKinds.Exposed, Severity.High)] : [], reading.Troubles.Select(trouble => (trouble.Kind, trouble.Severity)));
    }

    [Fact]
    public async Task What_does_not_listen_or_speaks_otherwise_is_unreachable()
    {
        Assert.Equal("The connection is refused: nothing listens there.", (await ReadAsync(1)).Words);
        await using var page = await HttpStand.StartAsync();
        Assert.Equal(Outcome.Unreachable, (await ReadAsync(new Uri(page.Url).Port)).Outcome);
    }

    [Fact]
    public void It_is_asked_once_a_day_and_only_where_the_fleet_file_names_the_port()
    {
        var look = Assert.Single(LooksAt(new() { Name = "vps", Host = "127.0.0.1", Ssh = 22 }));
        Assert.Equal(("ssh/vps", TimeSpan.FromDays(1), true), (look.Target, look.Every, look.IsOnlyWhenDue));
        Assert.Empty(LooksAt(new() { Name = "vps", Host = "127.0.0.1", Closed = [22] }));
    }

    private static Task<Reading> ReadAsync(int port) => LooksAt(new() { Name = "vps", Host = "127.0.0.1", Ssh = port }).Single().ReadAsync(CancellationToken.None);

    private static IEnumerable<Look> LooksAt(HostTarget target) => new SshProbe().LooksAt(new() { Name = "chat", Kind = "taktchat", Watch = new() { Hosts = [target] } });
}
