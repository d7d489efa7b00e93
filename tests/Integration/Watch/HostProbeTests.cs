using System.Net;
using System.Net.Sockets;
using WhatsOps.Cli.Local;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>Tries real ports of loopback addresses that nothing else uses.</summary>
public sealed class HostProbeTests
{
    // Every address of 127/8 is this machine; these two are the test's own.
    private static readonly IPAddress Machine = IPAddress.Parse("127.94.27.1");

    [Theory]
    [Capability("R-249"), Capability("R-322"), Capability("R-381")]
    [InlineData(2375, Severity.Critical)]
    [InlineData(5432, Severity.Critical)]
    [InlineData(6379, Severity.Critical)]
    [InlineData(15672, Severity.High)]
    [InlineData(8081, Severity.High)]
    [Source("hosts", SourceState.Lying, "target_exposed")]
    public async Task An_open_port_that_should_be_closed_is_a_finding(int port, Severity severity)
    {
        var target = Target with { Closed = [port, 9001] };
        Assert.Empty((await ReadAsync(target)).Troubles);
        using var listener = new TcpListener(Machine, port);
        listener.Start();

        var reading = await ReadAsync(target);

        Assert.Equal((Outcome.Seen, "1 of 2 ports are open."), (reading.Outcome, reading.Words));
        Assert.Equal([new("host.port.open", 1, $"{port}"), new("host.port.open", 0, "9001")], reading.Measures);
        var trouble = Assert.Single(reading.Troubles);
        Assert.Equal((TroubleKinds.Exposed, severity, $"port {port}"), (trouble.Kind, trouble.Severity, trouble.Subject));
    }

    [Fact]
    [Capability("R-381")]
    [Source("hosts", SourceState.Present, "none")]
    [Source("hosts", SourceState.Absent, "target_unhealthy")]
    public async Task A_closed_port_that_should_be_open_is_a_finding()
    {
        using var listener = new TcpListener(Machine, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Assert.Empty((await ReadAsync(Target with { Open = [port] })).Troubles);
        listener.Stop();
        var trouble = Assert.Single((await ReadAsync(Target with { Open = [port] })).Troubles);
        Assert.Equal((TroubleKinds.Unhealthy, Severity.High), (trouble.Kind, trouble.Severity));
    }

    [Fact]
    [Source("hosts", SourceState.Slow, "target_unhealthy")]
    public async Task A_port_that_drops_packets_counts_as_closed_where_the_machine_lives()
    {
        await using var dropping = await DroppingPort.StartAsync();
        var refusing = FreePort.Next();
        var reading = await ReadAsync(Loopback with { Open = [dropping.Number], Closed = [refusing] });
        Assert.Equal((Outcome.Seen, TroubleKinds.Unhealthy), (reading.Outcome, Assert.Single(reading.Troubles).Kind));
        Assert.Equal([new("host.port.open", 0, $"{refusing}"), new("host.port.open", 0, $"{dropping.Number}")], reading.Measures);
        Assert.Empty(reading.Unseen);

        // Its SSH server refuses here, which is a sign of life, too.
        reading = await ReadAsync(Loopback with { Closed = [dropping.Number], Ssh = refusing });
        Assert.Equal((Outcome.Seen, "0 of 1 ports are open."), (reading.Outcome, reading.Words));
        Assert.Empty(reading.Unseen);
    }

    [Fact]
    [Capability("R-381")]
    public async Task A_machine_of_which_nothing_answers_or_refuses_is_unreachable_and_not_well_closed()
    {
        await using var dropping = await DroppingPort.StartAsync();
        foreach (var target in (HostTarget[])[Loopback with { Open = [dropping.Number] }, Loopback with { Closed = [dropping.Number], Ssh = dropping.Number }])
        {
            var reading = await ReadAsync(target);
            Assert.Equal(Outcome.Unreachable, reading.Outcome);
            Assert.StartsWith("No port of 127.0.0.1 answers or refuses: the machine is off,", reading.Words, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Capability("R-322")]
    public async Task An_exposed_port_stays_found_while_nothing_shows_that_the_machine_lives()
    {
        await using var port = await DroppingPort.StartAsync(isFull: false);
        await using var world = await WatchWorld.StartAsync(new() { Hosts = [Loopback with { Closed = [port.Number] }] });
        await world.TickAsync();
        Assert.Equal([$"target_exposed host/db/port {port.Number}"], await world.OpenAsync());

        await port.FillAsync();
        for (var look = 0; look < 3; look++) await world.TickPastPatienceAsync();
        Assert.Equal([$"target_exposed host/db/port {port.Number}"], await world.OpenAsync());
        Assert.StartsWith("No port answers or refuses: a firewall drops all of it, or the machine is off.", (await world.Get<WatchBoard>().TargetsAsync(WatchWorld.System, CancellationToken.None)).Single().Words, StringComparison.Ordinal);

        await port.DisposeAsync();
        for (var look = 0; look < 2; look++) await world.TickAsync();
        Assert.Empty(await world.OpenAsync());
    }

    [Fact]
    public async Task One_open_address_of_several_is_open()
    {
        using var listener = new TcpListener(Machine, 0);
        listener.Start();
        var network = new WatchNetwork { ResolveAsync = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.94.27.2"), Machine]) };
        Assert.Equal(1, Assert.Single((await ReadAsync(Target with { Closed = [((IPEndPoint)listener.LocalEndpoint).Port] }, network)).Measures).Value);
    }

    [Fact]
    public async Task A_name_that_is_not_resolved_is_unreachable()
    {
        var network = new WatchNetwork { ResolveAsync = (_, _) => throw new SocketException((int)SocketError.HostNotFound) };
        Assert.Equal(Outcome.Unreachable, (await ReadAsync(Target with { Host = "nobody.invalid", Closed = [5432] }, network)).Outcome);
    }

    [Fact]
    public void Many_ports_have_more_patience()
    {
        Assert.Equal(Look.UsualPatience, LookAt(Target with { Closed = [1] }, new()).Patience);
        Assert.Equal(Look.UsualPatience + TimeSpan.FromSeconds(30), LookAt(Target with { Closed = [.. Enumerable.Range(1, 160)] }, new()).Patience);
    }

    private static HostTarget Loopback => new() { Name = "db", Host = "127.0.0.1" };

    private static HostTarget Target => new() { Name = "db", Host = $"{Machine}" };

    private static Task<Reading> ReadAsync(HostTarget target, WatchNetwork? network = null) => LookAt(target, network ?? new()).ReadAsync(default);

    private static Look LookAt(HostTarget target, WatchNetwork network) =>
        new HostProbe(network, TimeProvider.System).LooksAt(new() { Name = "chat", Kind = "taktchat", Watch = new() { Hosts = [target] } }).Single();

    /// <summary>A port whose machine drops what comes, as a firewall does: the queue of a server that accepts nobody is soon full.</summary>
    private sealed class DroppingPort : IAsyncDisposable
    {
        private readonly Socket server = new(SocketType.Stream, ProtocolType.Tcp);
        private readonly List<Socket> waiting = [];

        public int Number => ((IPEndPoint)server.LocalEndPoint!).Port;

        public static async Task<DroppingPort> StartAsync(bool isFull = true)
        {
            var port = new DroppingPort();
            port.server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            port.server.Listen(isFull ? 0 : 8);
            if (isFull) await port.FillAsync();
            return port;
        }

        public async Task FillAsync()
        {
            while (true)
            {
                waiting.Add(new Socket(SocketType.Stream, ProtocolType.Tcp));
                using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
                try
                {
                    await waiting[^1].ConnectAsync(server.LocalEndPoint!, patience.Token);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }

        public ValueTask DisposeAsync()
        {
            server.Dispose();
            foreach (var socket in waiting) socket.Dispose();
            waiting.Clear();
            return ValueTask.CompletedTask;
        }
    }
}
