using System.Text.Json;
using WhatsOps.Containers;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>Files in a real container: who may read them, what they say, and what stands in its environment.</summary>
public sealed class FileProbeTests(ContainerStand stand) : IClassFixture<ContainerStand>
{
    [Theory]
    [Capability("R-246")]
    [InlineData(".env", "640", null, null)]
    [InlineData(".env", "641", null, "run")]
    [InlineData(".env", "660", null, "change")]
    [InlineData(".env", "644", null, "read")]
    [InlineData(".env", "644", "0644", null)]
    [InlineData("tls.key", "600", null, null)]
    [InlineData("tls.key", "640", null, "read")]
    [Source("files", SourceState.Present, "none")]
    public async Task A_mode_that_is_wider_than_it_should_be_is_a_finding(string file, string mode, string? widest, string? can)
    {
        await stand.DoAsync($"echo x > /app/{file}; busybox chmod {mode} /app/{file}");
        var reading = await ReadAsync(Target with { Path = "/app/" + file, Mode = widest });
        Assert.Equal(Outcome.Seen, reading.Outcome);
        Assert.Contains($"mode 0{mode}", reading.Words, StringComparison.Ordinal);
        Assert.Equal(can is null ? [] : [(TroubleKinds.Exposed, mode[2] == '0' ? Severity.Medium : Severity.High, "mode")], reading.Troubles.Select(Told));
        if (can is not null) Assert.Contains($"can {can} it", reading.Troubles[0].Cause, StringComparison.Ordinal);
    }

    [Fact]
    [Source("files", SourceState.Absent, "target_absent")]
    public async Task A_file_that_is_missing_is_absent_and_a_link_has_the_mode_of_what_it_points_to()
    {
        Assert.Equal(Outcome.Absent, (await ReadAsync(Target with { Path = "/app/no.env" })).Outcome);
        Assert.Equal(Outcome.Absent, (await ReadAsync(Target with { Path = "/app" })).Outcome);
        Assert.Equal(Outcome.Absent, (await ReadAsync(Target with { Container = Target.Container with { Container = "no-such" } })).Outcome);
        Assert.Equal(Outcome.Unreachable, (await ReadAsync(Target with { Container = Target.Container with { Engine = "http://127.0.0.1:1" } })).Outcome);
        await stand.DoAsync("echo x > /app/.env; busybox chmod 600 /app/.env; busybox ln -s .env /app/link.env");
        Assert.Empty((await ReadAsync(Target with { Path = "/app/link.env" })).Troubles);
    }

    [Fact]
    [Capability("R-366"), Capability("R-367")]
    public async Task Configuration_is_read_in_the_container_and_its_clock_says_when_pm2_restarts()
    {
        await stand.DoAsync(
            """
            echo "module.exports = { apps: [{ instances: 'max', max_memory_restart: '500M', cron_restart: '0 3 * * *' }] }" > /app/ecosystem.config.js
            echo "worker_processes auto; events { worker_connections 512; } http { keepalive_timeout 65; gzip on; gzip_comp_level 6; }" > /app/nginx.conf
            """);
        var pm2 = await ReadAsync(Target with { Path = "/app/ecosystem.config.js", Shape = FileShape.Pm2 });
        Assert.EndsWith("PM2 restarts by 0 3 * * * (America/Sao_Paulo), next at 03:00 of America/Sao_Paulo, in no maintenance window.", pm2.Words, StringComparison.Ordinal);
        Assert.Equal([(TroubleKinds.Misconfigured, Severity.Low, "cron_restart window")], pm2.Troubles.Select(Told));
        Assert.Contains("\"from\": \"02:55\", \"to\": \"03:10\"", pm2.Troubles[0].Cause, StringComparison.Ordinal);

        var nginx = await ReadAsync(Target with { Path = "/app/nginx.conf", Shape = FileShape.Nginx });
        Assert.Equal([(TroubleKinds.Misconfigured, Severity.Low, "worker_connections")], nginx.Troubles.Select(Told));
        Assert.Contains(new Measure("file.settings.differing", 1), nginx.Measures);

        await stand.DoAsync("busybox head -c 1048577 /dev/zero > /app/nginx.conf");
        Assert.Equal([(TroubleKinds.NotObservable, Severity.Low, "content")], (await ReadAsync(Target with { Path = "/app/nginx.conf", Shape = FileShape.Nginx })).Troubles.Select(Told));
    }

    [Fact]
    [Capability("R-247"), Capability("R-323"), Capability("R-376")]
    public async Task Weak_secrets_in_the_environment_of_a_container_are_told_by_their_names()
    {
        var target = new ContainerTarget { Name = "api", Container = stand.Container, Logs = false, ImageDays = 0 };
        var reading = await LookAsync(target);
        Assert.Equal(
            [(TroubleKinds.Exposed, Severity.Info, "environment"), (TroubleKinds.Misconfigured, Severity.High, "environment POSTGRES_PASSWORD")],
            reading.Troubles.Where(trouble => trouble.Subject.StartsWith("environment", StringComparison.Ordinal)).Select(Told).Order());
        var all = JsonSerializer.Serialize(reading);
        Assert.DoesNotContain("changeme", all, StringComparison.Ordinal);
        Assert.DoesNotContain("9f86d0", all, StringComparison.Ordinal);
        Assert.DoesNotContain((await LookAsync(target with { Environment = false })).Troubles, trouble => trouble.Subject.StartsWith("environment", StringComparison.Ordinal));
    }

    // It waits between two looks at the processor, by a clock that moves.
    private Task<Reading> LookAsync(ContainerTarget target) => new ContainerProbe(stand.World.Get<ContainerHost>(), stand.World.Get<ContainerLogs>(), TimeProvider.System)
        .LooksAt(new() { Name = WatchWorld.System, Kind = "bot", Watch = new() { Containers = [target] } }).Single().ReadAsync(CancellationToken.None);

    private FileTarget Target => new() { Name = "file", Container = stand.Container, Path = "/app/.env" };

    private Task<Reading> ReadAsync(FileTarget target) => stand.ReadAsync(new() { Files = [target] });

    private static (string Kind, Severity Severity, string Subject) Told(Trouble trouble) => (trouble.Kind, trouble.Severity, trouble.Subject);
}
