using System.Text.Json;
using Microsoft.AspNetCore.Http;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Routines;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Tests.Integration.Gateways;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>Log files in a real container, read over a real engine's archive API.</summary>
public sealed class LogFileProbeTests(ContainerStand stand) : IClassFixture<ContainerStand>, IAsyncLifetime
{
    // Each test has its own.
    private readonly string folder = $"/logs-{Guid.NewGuid():N}";

    public async ValueTask InitializeAsync() => await stand.DoAsync($"busybox mkdir {folder}; echo 'ERROR of yesterday' > {folder}/app.log");

    public ValueTask DisposeAsync() => default;

    [Fact]
    [Capability("R-232"), Capability("R-239"), Capability("R-240"), Capability("R-354")]
    public async Task Lines_since_the_last_look_are_counted_once_and_none_is_kept_in_clear()
    {
        var first = await ReadAsync();
        Assert.Equal((Outcome.Seen, "It has 19 bytes, and is read from here on."), (first.Outcome, first.Words));
        Assert.Equal(["log.silence.seconds", "log.size.bytes"], first.Measures.Select(measure => measure.Metric).Order());

        await DoAsync("i=0; while [ $i -lt 11 ]; do echo \"ERROR job $i of 5511987654321 failed\"; i=$((i + 1)); done >> /logs/app.log; { echo 'WARN slow query'; echo 'login of ana@example.com'; echo 'GET /me 401'; echo -n 'half'; } >> /logs/app.log");
        var second = await ReadAsync();

        Assert.Equal((14, 11, 1), (Value(second, "log.lines"), Value(second, "log.errors"), Value(second, "log.warnings")));
        Assert.Equal((1, 1, 1), (Value(second, "log.matches", "slow"), Value(second, "log.matches", "auth"), Value(second, "log.matches", "unauthorized")));
        Assert.Equal(["phone number"], second.Troubles.Where(trouble => trouble.Kind == TroubleKinds.Exposed).Select(trouble => trouble.Subject));
        var many = second.Troubles.Single(trouble => trouble.Subject == "log");
        Assert.Equal("11x ERROR job # of *** failed", Assert.Single(many.Evidence).Value);

        await DoAsync("echo ' a line' >> /logs/app.log");
        Assert.Equal(1, Value(await ReadAsync(), "log.lines"));
        // Nothing new is zero, and no news of old.
        Assert.Equal((0, 0), (Value(await ReadAsync(), "log.lines"), Value(await ReadAsync(), "log.errors")));
        var everything = JsonSerializer.Serialize(second) + await TalliesAsync();
        Assert.DoesNotContain("98765", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("ana@", everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotation_and_truncation_are_seen_and_the_rest_of_the_old_file_is_read_where_logrotate_put_it()
    {
        await ReadAsync();
        await DoAsync("echo 'ERROR last words' >> /logs/app.log; busybox mv /logs/app.log /logs/app.log.1; echo 'WARN first words' > /logs/app.log");
        var rotated = await ReadAsync();
        Assert.Equal((2, 1, 1), (Value(rotated, "log.lines"), Value(rotated, "log.errors"), Value(rotated, "log.warnings")));
        Assert.StartsWith("It was rotated. ", rotated.Words, StringComparison.Ordinal);

        await DoAsync("echo 'ERROR again' > /logs/app.log");
        var truncated = await ReadAsync();
        Assert.Equal((1, 1), (Value(truncated, "log.lines"), Value(truncated, "log.errors")));
        Assert.StartsWith("It was rotated; what came between", truncated.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_too_large_is_not_read_and_that_is_told()
    {
        var target = Target with { MaxMegabytes = 1 };
        await ReadAsync(target);
        await DoAsync("busybox yes 'ERROR x' | busybox head -c 1048577 > /logs/app.log");
        var large = await ReadAsync(target);
        Assert.Equal((TroubleKinds.NotObservable, Severity.Medium, "log size"), Told(large.Troubles.Single()));
        Assert.DoesNotContain(large.Measures, measure => measure.Metric == "log.lines");
        await DoAsync("echo 'ERROR y' > /logs/app.log");
        Assert.Equal(1, Value(await ReadAsync(target), "log.errors"));
    }

    [Fact]
    public async Task Of_a_flood_the_newest_lines_are_counted_and_the_next_look_goes_on()
    {
        await ReadAsync();
        await DoAsync("busybox yes 'INFO a line of some length' | busybox head -c 5000000 >> /logs/app.log; echo >> /logs/app.log");
        var flood = await ReadAsync();
        Assert.True(flood.Outcome == Outcome.Seen, flood.Words);
        Assert.Equal((TroubleKinds.NotObservable, Severity.Low, "log growth"), Told(flood.Troubles.Single()));
        await DoAsync("echo 'ERROR y' >> /logs/app.log");
        var next = await ReadAsync();
        Assert.Equal((1, 1), (Value(next, "log.lines"), Value(next, "log.errors")));
        Assert.Empty(next.Troubles);
    }

    [Theory]
    [Capability("R-388")]
    [InlineData(29, false)]
    [InlineData(31, true)]
    [Source("logs", SourceState.Present, "none")]
    public async Task One_that_stopped_growing_is_told(int minutes, bool isTold)
    {
        var target = Target with { SilentMinutes = 30 };
        await ReadAsync(target);
        await DoAsync("echo 'INFO alive' >> /logs/app.log");
        await ReadAsync(target);
        stand.World.Time.Advance(TimeSpan.FromMinutes(minutes));
        var reading = await ReadAsync(target);
        Assert.InRange(Value(reading, "log.silence.seconds"), (minutes * 60) - 1, (minutes * 60) + 60);
        Assert.Equal(isTold ? [(TroubleKinds.Unhealthy, Severity.Medium, "silence")] : [], reading.Troubles.Select(Told));
        Assert.DoesNotContain((await ReadAsync(Target)).Troubles, trouble => trouble.Subject == "silence");
    }

    [Fact]
    public async Task A_link_is_followed_and_one_to_the_output_is_read_there_as_images_of_nginx_have_it()
    {
        await DoAsync("busybox ln -s app.log /logs/now.log; busybox ln -s /logs/gone.log /logs/dead.log");
        var target = Target with { Path = $"{folder}/now.log" };
        await ReadAsync(target);
        await DoAsync("echo 'ERROR y' >> /logs/app.log");
        Assert.Equal(1, Value(await ReadAsync(target), "log.errors"));
        Assert.Equal(Outcome.Absent, (await ReadAsync(Target with { Path = $"{folder}/dead.log" })).Outcome);

        await DoAsync("echo out > /proc/1/fd/1; echo err > /proc/1/fd/2");
        await Task.Delay(2100);
        var reading = await ReadAsync(Target with { Name = $"out-{folder[6..]}", Path = "/dev/stdout" });
        Assert.Equal(("The container's output is read.", 1), (reading.Words, Value(reading, "log.lines")));

        // Docker tells where a link points to whether that is there or not; podman does not.
        using var client = new HttpClient { BaseAddress = new Uri(stand.Engine) };
        await using var docker = await ScriptedGateway.StartAsync(async context =>
        {
            if (HttpMethods.IsHead(context.Request.Method)) context.Response.Headers["X-Docker-Container-Path-Stat"] = Stat(1u << 27 | 511, "/dev/stderr");
            else
            {
                using var answer = await client.GetAsync(context.Request.Path.Value + context.Request.QueryString);
                context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
                await answer.Content.CopyToAsync(context.Response.Body);
            }
        });
        reading = await ReadAsync(Target with { Name = $"err-{folder[6..]}", Path = "/var/log/nginx/error.log", Container = Target.Container with { Engine = docker.Url } });
        Assert.Equal(("The container's output of errors is read.", 1), (reading.Words, Value(reading, "log.lines")));
    }

    [Fact]
    [Capability("R-402")]
    [Source("logs", SourceState.Absent, "target_absent")]
    public async Task Absent_refused_unreachable_and_lying_are_told_apart()
    {
        Assert.Equal(Outcome.Absent, (await ReadAsync(Target with { Path = $"{folder}/audit.log" })).Outcome);
        Assert.Equal(Outcome.Absent, (await ReadAsync(Target with { Path = folder })).Outcome);
        Assert.Equal(Outcome.Absent, (await ReadAsync(Target with { Container = Target.Container with { Container = "no-such" } })).Outcome);
        Assert.Equal(Outcome.Unreachable, (await AtAsync("http://127.0.0.1:1")).Outcome);
        await using var refusing = await ScriptedGateway.StartAsync(403, "{\"message\":\"no\"}");
        Assert.Equal(Outcome.Unauthorized, (await AtAsync(refusing.Url)).Outcome);
        await using var page = await ScriptedGateway.StartAsync(200, "<html>Welcome</html>", "text/html");
        Assert.Equal(Outcome.Unreachable, (await AtAsync(page.Url)).Outcome);
        await using var liar = await ScriptedGateway.StartAsync(async context =>
        {
            context.Response.Headers["X-Docker-Container-Path-Stat"] = Stat(420, "");
            if (HttpMethods.IsGet(context.Request.Method)) await context.Response.WriteAsync("this is no archive of anything at all, and short");
        });
        Assert.Equal(Outcome.Unreachable, (await AtAsync(liar.Url)).Outcome);

        Task<Reading> AtAsync(string address) => ReadAsync(Target with { Container = Target.Container with { Engine = address } });
    }

    [Fact]
    [Capability("R-359"), Capability("R-406"), Capability("R-407")]
    public async Task The_evening_and_the_week_review_what_the_logs_came_to()
    {
        var now = stand.World.Time.GetUtcNow();
        stand.World.Fleet = stand.World.Fleet with
        {
            Watch = new()
            {
                Logs =
                [
                    Target with { Name = "app", Format = LogFormat.Json },
                    Target with { Name = "access", Path = $"{folder}/access.log", Format = LogFormat.Nginx },
                ],
            },
        };
        await DoAsync(": > /logs/access.log; : > /logs/app.log");
        await stand.World.TickAsync();
        await DoAsync(
            """
            for i in 1 2 3; do echo "203.0.113.$i - - [26/Nov/2026:12:00:00 +0000] \"GET /x HTTP/1.1\" 200 5 \"-\" \"-\""; done >> /logs/access.log
            echo '198.51.100.1 - - [26/Nov/2026:12:00:00 +0000] "POST /login HTTP/1.1" 401 5 "-" "-"' >> /logs/access.log
            echo '{"level":"info","processingTime":100}' >> /logs/app.log
            """);
        await stand.World.TickAsync(TimeSpan.FromMinutes(5));
        await DoAsync("echo '{\"level\":\"error\",\"msg\":\"user 17 failed\",\"processingTime\":400}' >> /logs/app.log");

        var evening = (DayReport)(await RunAsync("evening-check", stand.World.Time.GetUtcNow())).Report!;
        var app = evening.Logs.Single(log => log.Target == "log/app");
        Assert.Equal((2, 1, 250), (app.Lines, app.Errors, app.ProcessingMilliseconds));
        Assert.Contains(app.Newest, top => top is { Kind: "error", What: "user # failed", Count: 1 });
        var access = evening.Logs.Single(log => log.Target == "log/access");
        Assert.Equal((3, 1, 0), (access.Requests["2xx"], access.Requests["4xx"], access.Requests["5xx"]));
        Assert.Equal(["203.0.113.* 3", "198.51.100.* 1"], access.Addresses.Select(top => $"{top.What} {top.Count}"));
        Assert.Equal((1, 1), (access.Matches["unauthorized"], access.Matches["auth"]));

        var week = (KpiReport)(await RunAsync("weekly-kpis", now.AddDays(2))).Report!;
        Assert.Equal(4, week.Logs.Single(log => log.Target == "log/access").Lines);
        Assert.Empty(((KpiReport)(await RunAsync("weekly-kpis", now.AddDays(20))).Report!).Logs);
    }

    private LogFileTarget Target => new() { Name = $"app-{folder[6..]}", Container = stand.Container, Path = $"{folder}/app.log" };

    private Task<Reading> ReadAsync(LogFileTarget? target = null) => stand.ReadAsync(new() { Logs = [target ?? Target] });

    private Task<RoutineOutcome> RunAsync(string name, DateTimeOffset due) =>
        stand.World.GetAll<IRoutine>().Single(routine => routine.Name == name).RunAsync(new(stand.World.Fleet, due, null), CancellationToken.None);

    private Task DoAsync(string script) => stand.DoAsync(script.Replace("/logs/", folder + "/", StringComparison.Ordinal));

    private static string Stat(uint mode, string target) =>
        Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new { name = "app.log", size = 9, mode, mtime = "2026-11-26T12:00:00Z", linkTarget = target }));

    private async Task<string> TalliesAsync()
    {
        await using var command = stand.World.Operations.DataSource.CreateCommand("SELECT string_agg(t::text, ' ') FROM whatsops.log_tallies t");
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static double Value(Reading reading, string metric, string subject = "") => reading.Measures.Single(measure => measure.Metric == metric && measure.Subject == subject).Value;

    private static (string Kind, Severity Severity, string Subject) Told(Trouble trouble) => (trouble.Kind, trouble.Severity, trouble.Subject);
}
