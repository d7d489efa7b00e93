using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using WhatsOps.Cli.Local;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Tests.Integration.Gateways;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>Looks at real containers of a real Engine.</summary>
public sealed class ContainerProbeTests : WatchedContainer
{
    // Says what it is told to, as its own process; what is said is there when all of it was.
    private const string Parrot = "while true; do if [ -e /say ]; then busybox mv /say /saying; busybox cat /saying; busybox mv /saying /said; fi; busybox sleep 0.1; done";

    [Fact]
    [Capability("R-001"), Capability("R-149"), Capability("R-161"), Capability("R-184"), Capability("R-192"), Capability("R-231"), Capability("R-355"), Capability("R-356"), Capability("R-374")]
    [Source("containers", SourceState.Present, "none")]
    public async Task One_that_is_well_has_its_numbers_and_no_trouble()
    {
        await StartAsync("busybox sleep 1000", "--user", "1001", "--memory", "64m", "--health-cmd", "CMD /bin/busybox true", "--health-interval", "disable");
        await Engine.RunAsync(["healthcheck", "run", Name], default);

        var reading = await ReadAsync(Target with { MustNotBeRoot = true });

        Assert.Equal((Outcome.Seen, "It runs; its health check says healthy."), (reading.Outcome, reading.Words));
        Assert.Empty(reading.Troubles);
        Assert.Equal((1, 1, 0), (Value(reading, "container.running"), Value(reading, "container.healthy"), Value(reading, "container.restarts")));
        Assert.InRange(Value(reading, "container.uptime.seconds"), 0.5, 300);
        Assert.Equal(64 * 1024 * 1024, Value(reading, "container.memory.limit.bytes"));
        Assert.Equal(Value(reading, "container.memory.used.bytes") / (64 * 1024 * 1024) * 100, Value(reading, "container.memory.percent"), 6);
        Assert.InRange(Value(reading, "container.cpu.percent"), 0, 50);
        Assert.True(Value(reading, "container.network.received.bytes") >= 0 && Value(reading, "container.network.sent.bytes") >= 0);
    }

    [Fact]
    public async Task A_busy_one_is_seen_to_be_busy()
    {
        await StartAsync("while true; do :; done");
        // Never more than the one processor that one process can have, whatever else the machine does.
        Assert.InRange(Value(await ReadAsync(Target), "container.cpu.percent"), 5, 110);
    }

    [Fact]
    [Capability("R-164")]
    public async Task A_failing_health_check_is_a_trouble_and_none_is_said()
    {
        await StartAsync("echo 'ERROR no connection to Redis'; busybox sleep 1000", "--health-cmd", "CMD /bin/busybox false", "--health-interval", "disable", "--health-retries", "1");
        await Assert.ThrowsAsync<InvalidOperationException>(() => Engine.RunAsync(["healthcheck", "run", Name], default));
        var reading = await ReadAsync(Target);
        Assert.Equal(0, Value(reading, "container.healthy"));
        var failing = Assert.Single(reading.Troubles);
        Assert.Equal((TroubleKinds.Unhealthy, Severity.High, "health"), Told(failing));
        Assert.Equal(["1x ERROR no connection to Redis", "ERROR no connection to Redis"], failing.Evidence.Values);
        Assert.Contains($"docker restart {Name}", failing.Cause, StringComparison.Ordinal);

        await Engine.RunAsync(["rm", "--force", "--time", "0", Name], default);
        await StartAsync("busybox sleep 1000");
        reading = await ReadAsync(Target);
        Assert.DoesNotContain(reading.Measures, measure => measure.Metric == "container.healthy");
        Assert.Equal((TroubleKinds.NotObservable, Severity.Low, "health"), Told(Assert.Single(reading.Troubles)));
    }

    [Fact]
    [Capability("R-391")]
    public async Task One_that_ended_tells_how_with_its_last_words()
    {
        await StartAsync("i=1; while [ $i -le 60 ]; do echo \"step $i\"; i=$((i + 1)); done; echo 'ERROR no route to 5511987654321'; echo \"db at postgres://app:hunter2222@db/app\"; exit 3");
        await Engine.RunAsync(["wait", Name], default);

        var reading = await ReadAsync(Target);

        Assert.Equal((Outcome.Seen, 0, 3), (reading.Outcome, Value(reading, "container.running"), Value(reading, "container.exit.code")));
        var trouble = reading.Troubles.Single(trouble => trouble.Subject == "state");
        Assert.Equal((TroubleKinds.Unhealthy, Severity.Critical), (trouble.Kind, trouble.Severity));
        Assert.Contains("exit code 3", trouble.Cause, StringComparison.Ordinal);
        Assert.Equal("1x ERROR no route to ***", trouble.Evidence["error1"]);
        var lines = trouble.Evidence["last_lines"].Split('\n');
        Assert.Equal(50, lines.Length);
        Assert.Equal(("step 13", "step 60"), (lines[0], lines[47]));
        Assert.StartsWith("ERROR no route to ", lines[48], StringComparison.Ordinal);
        Assert.DoesNotContain("98765", trouble.Evidence["last_lines"], StringComparison.Ordinal);
        Assert.DoesNotContain("hunter", trouble.Evidence["last_lines"], StringComparison.Ordinal);
    }

    [Fact]
    [Capability("R-383")]
    public async Task Root_is_a_finding_where_it_must_not_be()
    {
        await StartAsync("busybox sleep 1000");
        Assert.DoesNotContain((await ReadAsync(Target)).Troubles, trouble => trouble.Subject == "user");
        Assert.Equal((TroubleKinds.Misconfigured, Severity.Medium, "user"), Told(Single(await ReadAsync(Target with { MustNotBeRoot = true }), "user")));
    }

    [Theory]
    [Capability("R-384")]
    [InlineData(-1, false)]
    [InlineData(1, true)]
    public async Task An_old_image_is_a_finding(int hours, bool isOld)
    {
        await Engine.RunAsync(["create", "--name", Name, LocalContainers.Image, "/bin/busybox", "true"], default);
        var made = (await Host.ImageMadeAsync(Target.Container, LocalContainers.Image, default))!.Value;

        var reading = await ReadAsync(Target, new FakeTimeProvider(made.AddDays(180).AddHours(hours)));

        Assert.Equal(180 + (hours / 24.0), Value(reading, "container.image.age.days"), 3);
        Assert.Equal(isOld ? [(TroubleKinds.Misconfigured, Severity.Low, "image")] : [], reading.Troubles.Where(trouble => trouble.Subject == "image").Select(Told));
    }

    [Fact]
    [Capability("R-249")]
    public async Task A_database_on_every_address_is_exposed_and_one_on_loopback_is_not()
    {
        await Engine.RunAsync(["create", "--name", Name, "-p", "25432:5432", "-p", "127.0.0.1:26379:6379", "-p", "28080:8080", LocalContainers.Image, "/bin/busybox", "true"], default);
        var reading = await ReadAsync(Target);
        Assert.Equal(2, Value(reading, "container.ports.public"));
        Assert.Equal((TroubleKinds.Exposed, Severity.Critical, "port 25432"), Told(Assert.Single(reading.Troubles, trouble => trouble.Kind == TroubleKinds.Exposed)));
    }

    [Theory]
    [Capability("R-249"), Capability("R-322")]
    [InlineData("203.0.113.9:29001:9001", "MinIO console", true)]
    [InlineData("203.0.113.9:23000:3000", "Grafana", true)]
    [InlineData("0.0.0.0:28081:8081", "Adminer", true)]
    [InlineData("[2001:db8::9]:29000:9000", "MinIO", true)]
    [InlineData("10.1.2.3:26379:6379", "Redis", false)]
    [InlineData("172.31.0.1:26379:6379", "Redis", false)]
    [InlineData("172.32.0.1:26379:6379", "Redis", true)]
    [InlineData("192.168.9.9:26379:6379", "Redis", false)]
    [InlineData("127.9.9.9:26379:6379", "Redis", false)]
    public async Task A_port_on_an_address_of_the_internet_is_as_public_as_one_on_every_address(string binding, string service, bool isPublic)
    {
        await Engine.RunAsync(["create", "--name", Name, "-p", binding, LocalContainers.Image, "/bin/busybox", "true"], default);
        var reading = await ReadAsync(Target);
        Assert.Equal(isPublic ? 1 : 0, Value(reading, "container.ports.public"));
        var exposed = reading.Troubles.Where(trouble => trouble.Kind == TroubleKinds.Exposed).ToArray();
        if (isPublic) Assert.Contains(service, Assert.Single(exposed).Cause, StringComparison.Ordinal);
        else Assert.Empty(exposed);
    }

    [Theory]
    [Capability("R-008"), Capability("R-009"), Capability("R-010"), Capability("R-151"), Capability("R-158"), Capability("R-191"), Capability("R-405")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Errors_in_the_log_are_counted_once_grouped_and_masked(bool terminal)
    {
        await StartAsync(Parrot, terminal ? ["-t"] : []);
        await SayAsync("i=0; while [ $i -lt 10 ]; do echo \"ERROR job $i of 5511987654321 failed\"; i=$((i + 1)); done; echo 'WARN slow'; echo 'INFO fine'");
        var reading = await ReadAsync(Target);
        Assert.Equal((10, 1, 12), (Value(reading, "container.log.errors"), Value(reading, "container.log.warnings"), Value(reading, "container.log.lines")));
        Assert.DoesNotContain(reading.Troubles, trouble => trouble.Subject == "log");

        await SayAsync("i=0; while [ $i -lt 10 ]; do echo \"ERROR job $i of 5511987654321 failed\"; i=$((i + 1)); done; echo '{\"level\":50,\"msg\":\"password=hunter2222 is wrong\"}'");
        reading = await ReadAsync(Target);

        Assert.Equal(11, Value(reading, "container.log.errors"));
        var trouble = Single(reading, "log");
        Assert.Equal((TroubleKinds.Unhealthy, Severity.Medium), (trouble.Kind, trouble.Severity));
        Assert.Equal(["10x ERROR job # of *** failed", "1x *** is wrong"], trouble.Evidence.Values);
        Assert.Equal(["password or key", "phone number"], reading.Troubles.Where(trouble => trouble.Kind == TroubleKinds.Exposed).Select(trouble => trouble.Subject).Order());
        var all = JsonSerializer.Serialize(reading);
        Assert.DoesNotContain("98765", all, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter", all, StringComparison.Ordinal);
        await Task.Delay(1100);
        // Another process goes on where this one stopped.
        Assert.Equal(0, Value(await ReadAsync(Target), "container.log.errors"));
    }

    [Fact]
    [Capability("R-158")]
    public async Task The_errors_of_the_night_are_in_the_mornings_report_by_their_kind()
    {
        await StartAsync("i=0; while [ $i -lt 60 ]; do echo \"ERROR job of 5511987654321 failed with code $i\"; i=$((i + 1)); done; echo 'ERROR no disk'; echo 'INFO fine'");
        await Engine.RunAsync(["wait", Name], default);
        await using var world = await WatchWorld.StartAsync(new() { Containers = [Target] });
        var night = world.Time.GetUtcNow();

        await world.TickAsync();

        var review = Assert.Single(await world.Get<LogReviews>().ReadAsync(WatchWorld.System, night.AddHours(-1), night.AddHours(1), default));
        Assert.Equal(("container/api", 62, 61), (review.Target, review.Lines, review.Errors));
        Assert.Equal([("error", "ERROR job of *** failed with code #", 60), ("error", "ERROR no disk", 1)], review.Newest.Select(top => (top.Kind, top.What, top.Count)));
    }

    [Fact]
    public async Task A_log_that_is_too_long_is_read_in_part_and_the_next_look_goes_on_after_it()
    {
        await StartAsync(Parrot);
        await SayAsync("busybox yes 'ERROR x' | busybox head -c 800000");
        Assert.Equal((TroubleKinds.NotObservable, Severity.Low, "log size"), Told(Single(await ReadAsync(Target), "log size")));
        await SayAsync("echo 'ERROR y'");
        var reading = await ReadAsync(Target);
        Assert.Equal(1, Value(reading, "container.log.errors"));
        Assert.DoesNotContain(reading.Troubles, trouble => trouble.Subject == "log size");
    }

    [Fact]
    public async Task Without_a_log_that_can_be_read_its_counts_are_absent_and_that_is_said()
    {
        await StartAsync("busybox sleep 1000", "--log-driver", "none");
        var reading = await ReadAsync(Target);
        Assert.DoesNotContain(reading.Measures, measure => measure.Metric.StartsWith("container.log", StringComparison.Ordinal));
        Assert.Equal((TroubleKinds.NotObservable, Severity.Low, "log"), Told(Single(reading, "log")));
        Assert.DoesNotContain((await ReadAsync(Target with { Logs = false })).Troubles, trouble => trouble.Subject == "log");
    }

    [Fact]
    public async Task What_a_proxy_before_the_engine_refuses_is_said_and_the_rest_is_told()
    {
        await StartAsync("busybox sleep 1000");
        using var client = new HttpClient { BaseAddress = new Uri(Engine.Engine) };
        await using var proxy = await ScriptedGateway.StartAsync(async context =>
        {
            if (!context.Request.Path.Value!.EndsWith($"{Name}/json", StringComparison.Ordinal))
            {
                context.Response.StatusCode = 403;
                return;
            }

            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(await client.GetStringAsync(context.Request.Path.Value));
        });

        var reading = await ReadAsync(Target with { Container = Target.Container with { Engine = proxy.Url } });

        Assert.Equal((Outcome.Seen, 1), (reading.Outcome, Value(reading, "container.running")));
        Assert.Equal(["health", "image", "log", "use"], reading.Troubles.Select(trouble => trouble.Subject).Order());
        Assert.All(reading.Troubles, trouble => Assert.Equal((TroubleKinds.NotObservable, Severity.Low), (trouble.Kind, trouble.Severity)));
    }

    [Fact]
    [Source("containers", SourceState.Absent, "target_absent")]
    public async Task Absent_refused_and_unreachable_are_told_apart()
    {
        Assert.Equal(Outcome.Absent, (await ReadAsync(Target)).Outcome);
        Assert.Equal(Outcome.Unreachable, (await AtAsync($"http://127.0.0.1:{FreePort.Next()}")).Outcome);
        Assert.Equal(Outcome.Unreachable, (await AtAsync("unix:///tmp/no-such-Engine.sock")).Outcome);
        await using var refusing = await ScriptedGateway.StartAsync(403, "{\"message\":\"no\"}");
        Assert.Equal(Outcome.Unauthorized, (await AtAsync(refusing.Url)).Outcome);
        await using var sick = await ScriptedGateway.StartAsync(500, "{\"message\":\"no\"}");
        Assert.Equal(Outcome.Unreachable, (await AtAsync(sick.Url)).Outcome);
        // Some other server, which knows no such path, or any.
        await using var lost = await ScriptedGateway.StartAsync(404, "<html>Not found</html>", "text/html");
        Assert.Equal(Outcome.Unreachable, (await AtAsync(lost.Url)).Outcome);
        await using var page = await ScriptedGateway.StartAsync(200, "<html>Welcome</html>", "text/html");
        Assert.Equal(Outcome.Unreachable, (await AtAsync(page.Url)).Outcome);
    }

    [Fact]
    public async Task One_that_never_answers_is_left_when_patience_ends()
    {
        await using var silent = await ScriptedGateway.StartAsync(context => Task.Delay(-1, context.RequestAborted));
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var look = LookAt(Target with { Container = Target.Container with { Engine = silent.Url } }, TimeProvider.System);
        Assert.Equal(("container/api", TimeSpan.FromSeconds(60)), (look.Target, look.Every));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => look.ReadAsync(patience.Token).WaitAsync(TimeSpan.FromSeconds(5)));
    }

    private static double Value(Reading reading, string metric) => reading.Measures.Single(measure => measure.Metric == metric && measure.Subject == "").Value;

    private static Trouble Single(Reading reading, string subject) => reading.Troubles.Single(trouble => trouble.Subject == subject);

    private static (string Kind, Severity Severity, string Subject) Told(Trouble trouble) => (trouble.Kind, trouble.Severity, trouble.Subject);

    // A look takes the lines of the seconds that are over.
    private async Task SayAsync(string script)
    {
        await Engine.ExecAsync(Name, $"export PATH=/bin; {{ {script}; }} > /words; busybox rm -f /said; busybox mv /words /say; until [ -e /said ]; do busybox sleep 0.1; done", default);
        await Task.Delay(1500);
    }

    private Task<Reading> AtAsync(string address) => ReadAsync(Target with { Container = Target.Container with { Engine = address } });
}
