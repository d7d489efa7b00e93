using WhatsOps.Backups;
using WhatsOps.Cli.Local;
using WhatsOps.Containers;
using WhatsOps.Fleet;
using WhatsOps.Runbooks;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Backups;

/// <summary>Backups of a real container's files, and restores that stop and start it.</summary>
public sealed class ContainerRestoreTests : IAsyncLifetime
{
    private readonly string name = $"product-{Guid.NewGuid():N}";
    private BackupWorld world = null!;
    private LocalContainers engine = null!;

    private ContainerReference Container => new() { Container = name, Engine = engine.Engine };

    public async ValueTask InitializeAsync()
    {
        engine = await TestServers.ContainersAsync();
        await engine.CreateAsync(name, "busybox mkdir -p /app/config /var/log/app; echo 'SECRET=plantedSecret3' > /app/.env; echo one > /app/config/a.yml; busybox seq 1 20000 > /var/log/app/errors.log", default);
        world = await BackupWorld.CreateAsync();
        await world.ExecuteAsync("CREATE TABLE t (i int); INSERT INTO t SELECT generate_series(1, 3)");
        world.Options = world.Options with
        {
            Services = [Container],
            Files = [new() { Name = "config", From = Container, Paths = ["/app/.env", "/app/config"] }, new() { Name = "logs", From = Container, Paths = ["/var/log/app"] }],
        };
    }

    public async ValueTask DisposeAsync() => await world.DisposeAsync();

    [Fact]
    [Capability("R-214"), Capability("R-215"), Capability("R-297"), Capability("R-409"), Capability("R-411"), Capability("R-415")]
    public async Task Files_of_a_container_come_back_while_it_stands_still()
    {
        var set = await world.MakeAsync();
        Assert.Equal((BackupState.Complete, null), (set.State, set.Problem));
        Assert.Null((await world.TestAsync(set)).Problem);
        Assert.DoesNotContain("plantedSecret3", set.Manifest!.ToBlob().ToString(), StringComparison.Ordinal);
        await engine.ExecAsync(name, "echo SECRET=two > /app/.env; busybox rm /app/config/a.yml", default);
        var started = await StartedAsync();

        var run = await world.RestoreAsync(new RestorePart(), ("part", "config"));

        Assert.Equal((RunState.Completed, null), (run.State, run.Failure));
        Assert.Equal("SECRET=plantedSecret3\none", (await engine.ExecAsync(name, "busybox cat /app/.env /app/config/a.yml", default)).Trim());
        Assert.NotEqual(started, await StartedAsync());
    }

    [Fact]
    [Capability("R-299"), Capability("R-301")]
    public async Task A_database_is_exchanged_while_the_product_s_container_stands_still()
    {
        await world.MakeAsync();
        await world.ExecuteAsync("INSERT INTO t VALUES (4)");
        var started = await StartedAsync();

        var run = await world.RestoreAsync(new RestoreDatabase(), ("part", "product"));

        Assert.Equal((RunState.Completed, null), (run.State, run.Failure));
        Assert.Equal(3L, await world.ScalarAsync<long>("SELECT count(*) FROM t"));
        Assert.NotEqual(started, await StartedAsync());
        Assert.True(await world.Get<ContainerHost>().IsRunningAsync(Container, default));
    }

    [Fact]
    public async Task A_container_that_is_absent_is_refused_before_anything_is_stopped()
    {
        await world.MakeAsync();
        var started = await StartedAsync();
        world.Options = world.Options with { Services = [Container, Container with { Container = $"{name}-absent" }] };
        Assert.Equal(409, (await Assert.ThrowsAsync<ProblemException>(() => world.OpenAsync(new RestoreDatabase(), ("part", "product")))).Status);
        Assert.Equal(409, (await Assert.ThrowsAsync<ProblemException>(() => world.OpenAsync(new RestorePart(), ("part", "config")))).Status);
        Assert.Equal(started, await StartedAsync());
    }

    [Fact]
    public async Task What_is_absent_or_does_not_answer_is_said_with_the_fix()
    {
        var containers = world.Get<ContainerHost>();
        Assert.Null(await containers.IsRunningAsync(Container with { Container = "nobody" }, default));
        var problem = await Assert.ThrowsAsync<ContainerException>(() => containers.StopAsync(Container with { Container = "nobody" }, TimeSpan.Zero, default));
        Assert.Contains("docker ps -a", problem.Message, StringComparison.Ordinal);
        problem = await Assert.ThrowsAsync<ContainerException>(() => containers.ReadAsync(Container, "/no/such", default));
        Assert.True(problem.IsLasting);
        problem = await Assert.ThrowsAsync<ContainerException>(() => containers.StartAsync(Container with { Engine = $"http://127.0.0.1:{FreePort.Next()}" }, default));
        Assert.False(problem.IsLasting);
    }

    // A restart begins the only process of the container anew; its first file tells when it was made, its process when it began.
    private Task<string> StartedAsync() => engine.ExecAsync(name, "busybox stat -c %Y /proc/1; busybox cut -d' ' -f22 /proc/1/stat", default);
}
