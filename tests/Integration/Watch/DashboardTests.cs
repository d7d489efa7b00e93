using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Moq;
using WhatsOps.Cli.Local;
using WhatsOps.Fleet;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>The manual's dashboards over a real product database, a real container's log and our own receiver's counts.</summary>
public sealed class DashboardTests : IAsyncLifetime
{
    private readonly string container = $"dashboard-{Guid.NewGuid():N}";
    private LocalContainers engine = null!;
    private TestDatabase product = null!;
    private WatchWorld world = null!;

    public async ValueTask InitializeAsync()
    {
        engine = await TestServers.ContainersAsync();
        product = await TestDatabase.CreateAsync();
        await using var command = product.DataSource.CreateCommand(
            """
            CREATE TABLE instances (id int, name text, status text, device_jid text);
            INSERT INTO instances VALUES (1, 'acme', 'connected', 'x'), (2, 'beta', 'disconnected', 'y'), (3, 'new', 'disconnected', NULL);
            CREATE TABLE messages (instance_id int, from_me boolean, type text, created_at timestamptz DEFAULT now() - interval '6 minutes');
            INSERT INTO messages VALUES (1, true, 'text'), (1, true, 'text'), (1, false, 'image'), (2, false, 'audio'), (2, true, NULL);
            """);
        await command.ExecuteNonQueryAsync();
        world = await WatchWorld.StartAsync(new() { Postgres = [Database] });
        world.Settings["DB"] = product.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        await world.DisposeAsync();
        await product.DisposeAsync();
        await engine.RunAsync(["rm", "--force", "--ignore", "--time", "0", container], default);
    }

    [Fact]
    [Capability("R-270"), Capability("R-275"), Capability("R-233"), Capability("R-277"), Capability("R-278")]
    public async Task A_system_is_one_picture_of_instances_messages_containers_and_events()
    {
        await world.TickAsync();
        // An instance goes on; the state that nobody has any more is not counted.
        await using (var command = product.DataSource.CreateCommand("UPDATE instances SET status = 'connecting' WHERE name = 'new'")) await command.ExecuteNonQueryAsync();
        await world.TickAsync();
        await UseAsync("container/small", 12, 10);
        await UseAsync("container/busy", 180, 200);
        await UseAsync("container/idle", 0.5, 900);
        await EventAsync("acme", "messages.upsert", 3, TimeSpan.FromMinutes(1));
        await EventAsync("beta", "connection.update", 1, TimeSpan.FromHours(23));
        await EventAsync("acme", "messages.upsert", 50, TimeSpan.FromHours(26));

        var board = await ReadAsync(null);

        Assert.Equal((3, 1, 1), (board.Instances!.Configured, board.Instances.Active, board.Instances.Down));
        Assert.Equal([new("connected", 1), new("connecting", 1), new("disconnected", 1)], board.Instances.ByStatus);
        Assert.Equal((0, 0), (board.Messages!.Sent, board.Messages.Received));
        Assert.Equal([new("text", 2), new("audio", 1), new("image", 1), new("unknown", 1)], board.Messages.ByType);
        Assert.Equal(["container/busy", "container/small", "container/idle"], board.Containers.Select(one => one.Target));
        Assert.Equal((180, 200), (board.Containers[0].CpuPercent, board.Containers[0].MemoryBytes));
        Assert.Equal([new("messages.upsert", 3), new("connection.update", 1)], board.WebhookEvents);
    }

    [Fact]
    [Capability("R-271")]
    public async Task Messages_are_those_of_five_minutes_of_the_system_and_of_each_instance()
    {
        await world.TickAsync();
        var once = await ReadAsync(null);
        Assert.Equal((null, null, 5), (once.Messages!.Sent, once.Messages.Received, once.Messages.ByType.Sum(type => type.Count)));
        Assert.Contains(once.Unknown, words => words.StartsWith("Messages of 5 minutes are not known", StringComparison.Ordinal));

        await product.ExecuteAsync("INSERT INTO messages VALUES (1, true, 'text', now()), (1, true, 'sticker', now() - interval '3 minutes'), (2, false, 'text', now())");
        await world.TickAsync();
        Assert.Equal((2, 1), await LatelyAsync(null));
        Assert.Equal((2, 0), await LatelyAsync("acme"));
        Assert.Equal((0, 1), await LatelyAsync("beta"));
        Assert.Equal(8, (await ReadAsync(null)).Messages!.ByType.Sum(type => type.Count));

        for (var minute = 0; minute < 4; minute++) await world.TickAsync();
        Assert.Equal((2, 1), await LatelyAsync(null));
        await world.TickAsync();
        Assert.Equal((0, 0), await LatelyAsync(null));
        // Of a database that nobody has looked at for a quarter of an hour nothing is known.
        world.Time.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal((null, null), await LatelyAsync(null));

        async Task<(long?, long?)> LatelyAsync(string? instance) => (await ReadAsync(instance)).Messages is { } messages ? (messages.Sent, messages.Received) : throw new InvalidOperationException("No messages.");
    }

    [Fact]
    [Capability("R-272")]
    public async Task The_error_rate_is_that_of_five_minutes_and_what_has_no_counter_is_said_to_have_none()
    {
        Assert.Contains(world.Fleet.Watch!.Postgres, target => target.Tables == ProductTables.TurboZap);
        var unknown = (await ReadAsync(null)).Unknown;
        Assert.Contains(unknown, words => words.StartsWith("The error rate is not known", StringComparison.Ordinal));
        Assert.Contains(unknown, words => words.StartsWith("Instances and messages are not known", StringComparison.Ordinal));
        Assert.Contains(unknown, words => words.StartsWith("Errors are not known", StringComparison.Ordinal));

        // 900 failures of an hour ago do not count; 6 of 100 since do.
        for (var minute = 0; minute <= 12; minute++)
        {
            await AddAsync("http/api", new("prometheus.turbozap_messages_failed_total", minute < 7 ? 900 : 900 + minute - 6), new("prometheus.turbozap_messages_sent_total", minute < 7 ? 0 : (minute - 6) * 94.0 / 6));
            if (minute < 12) world.Time.Advance(TimeSpan.FromMinutes(1));
        }

        var rate = Assert.Single((await ReadAsync(null)).ErrorRates);
        Assert.Equal(("http/api", "messages"), (rate.Target, rate.What));
        Assert.Equal(6, rate.Percent, 1);
        world.Time.Advance(TimeSpan.FromMinutes(13));
        Assert.Empty((await ReadAsync(null)).ErrorRates);
    }

    [Fact]
    [Capability("R-277"), Capability("R-278"), Capability("R-279")]
    public async Task An_instance_has_its_own_messages_events_and_errors_and_nobody_elses()
    {
        await engine.StartAsync(container, [],
            """
            export PATH=/bin
            echo '{"level":"error","instance":"acme","msg":"send to 5511987654321 failed"}'
            echo '{"level":"error","instance":"acme","msg":"send to 5511912345678 failed"}'
            echo '{"level":"error","instance":"acme-2","msg":"no route"}'
            echo '12:00:00.000 [Client-acme ERROR] Unknown stream error'
            echo '{"level":"info","instance":"acme","msg":"fine"}'
            busybox sleep 1000
            """, default);
        await engine.ExecAsync(container, "busybox true", default);
        world.Fleet = world.Fleet with { InstancePrefix = "", Watch = world.Fleet.Watch! with { Containers = [new() { Name = "api", Container = new() { Container = container, Engine = engine.Engine } }] } };
        await EventAsync("acme", "message.ack", 2, TimeSpan.FromMinutes(1));
        await EventAsync("beta", "message.ack", 9, TimeSpan.FromMinutes(1));

        var board = await UntilAsync("acme", view => view.Errors.Count == 2);

        Assert.Equal((1, 1, 0), (board.Instances!.Configured, board.Instances.Active, board.Instances.Down));
        Assert.Equal((0, 0), (board.Messages!.Sent, board.Messages.Received));
        Assert.Equal([new("text", 2), new("image", 1)], board.Messages.ByType);
        Assert.Equal([new("message.ack", 2)], board.WebhookEvents);
        Assert.Equal((2, 1), (board.Errors[0].Count, board.Errors[1].Count));
        Assert.Equal("container/api", board.Errors[0].Target);
        Assert.DoesNotContain(board.Errors, error => error.Type.Any(char.IsAsciiDigit) || error.Type.Contains("route", StringComparison.Ordinal));
        Assert.Equal(3, (await ReadAsync(null)).Errors.Count);

        var nobody = await ReadAsync("acm");
        Assert.Null(nobody.Instances);
        Assert.Contains(nobody.Unknown, words => words.Contains("no instance acm", StringComparison.Ordinal));
    }

    [Fact]
    [Capability("R-317")]
    public async Task The_newest_lines_of_a_log_are_shown_without_secrets_and_phone_numbers_to_operators()
    {
        await engine.StartAsync(container, [], "export PATH=/bin; echo 'INFO to 5511987654321'; echo 'ERROR password=hunter2222 is wrong'; echo '-----BEGIN PRIVATE KEY-----'; echo MIIEvQIBADAN; echo '-----END PRIVATE KEY-----'; busybox sleep 1000", default);
        world.Fleet = world.Fleet with { Watch = new() { Containers = [new() { Name = "api", Container = new() { Container = container, Engine = engine.Engine } }] } };
        var operators = new Mock<IOperators>();
        var functions = new WatchFunctions(world.Services, world.Get<IFleet>(), operators.Object, null!, world.Time);
        var lines = await LinesAsync(null);
        for (var wait = 0; lines.Count < 5 && wait < 300; wait++)
        {
            await Task.Delay(100);
            lines = await LinesAsync("5");
        }

        Assert.Equal([("other", "INFO to ***"), ("error", "ERROR *** is wrong"), ("other", "***"), ("other", "***"), ("other", "***")], lines.Select(line => (line.Level, line.Text)));
        operators.Verify(one => one.RequireAsync(It.IsAny<HttpRequest>(), OperatorRole.Operator, It.IsAny<CancellationToken>()));
        foreach (var minutes in (string[])["0", "61", "many"]) Assert.Equal(400, (await Assert.ThrowsAsync<ProblemException>(() => LinesAsync(minutes))).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<ProblemException>(() => functions.Log(Request(null), WatchWorld.System, "other", default))).Status);
        await engine.RunAsync(["rm", "--force", "--time", "0", container], default);
        Assert.Equal(502, (await Assert.ThrowsAsync<ProblemException>(() => LinesAsync(null))).Status);

        async Task<IReadOnlyList<ShownLine>> LinesAsync(string? minutes) =>
            (IReadOnlyList<ShownLine>)Assert.IsType<OkObjectResult>(await functions.Log(Request(minutes), WatchWorld.System, "api", default)).Value!;
    }

    private static PostgresTarget Database => new() { Name = "db", ConnectionString = "${env:DB}", Tables = ProductTables.TurboZap };

    private static HttpRequest Request(string? minutes)
    {
        var request = new DefaultHttpContext().Request;
        if (minutes is not null) request.QueryString = new($"?minutes={minutes}");
        return request;
    }

    private Task<Dashboard> ReadAsync(string? instance) => world.Get<DashboardReader>().ReadAsync(world.Fleet, instance, CancellationToken.None);

    // An engine has a line a moment after it was written.
    private async Task<Dashboard> UntilAsync(string instance, Func<Dashboard, bool> isThere)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var board = await ReadAsync(instance);
            if (isThere(board)) return board;
            await Task.Delay(100, patience.Token);
        }
    }

    private Task UseAsync(string target, double cpu, double memory) =>
        AddAsync(target, new("container.cpu.percent", cpu), new("container.cpu.limit.percent", cpu / 2), new("container.memory.used.bytes", memory), new("container.memory.percent", memory / 10));

    private Task AddAsync(string target, params Measure[] measures) => world.Get<SampleStore>().AddAsync(WatchWorld.System, target, measures, world.Time.GetUtcNow(), CancellationToken.None);

    private async Task EventAsync(string tenant, string name, int times, TimeSpan ago)
    {
        var at = (world.Time.GetUtcNow() - ago).UtcDateTime;
        foreach (var (sql, values) in ((string, object[])[])
            [("SELECT whatsops.ensure_event_day($1)", [DateOnly.FromDateTime(at)]),
             ("INSERT INTO whatsops.events (system, tenant, received_at, id, event, is_foreign, size) SELECT 'shop', $1, $2, gen_random_uuid(), $3, false, 1 FROM generate_series(1, $4)", [tenant, at, name, times])])
        {
            await using var command = world.Operations.DataSource.CreateCommand(sql);
            foreach (var value in values) command.Parameters.Add(new() { Value = value });
            await command.ExecuteNonQueryAsync();
        }
    }
}
