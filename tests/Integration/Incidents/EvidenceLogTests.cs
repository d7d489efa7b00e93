using System.Formats.Tar;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using WhatsOps.Containers;
using WhatsOps.Fleet;
using WhatsOps.Incidents;
using WhatsOps.Tests.Integration.Gateways;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Incidents;

/// <summary>Of logs that are too long or too slow the newest lines are there, and what is missing is said.</summary>
public sealed class EvidenceLogTests : IAsyncLifetime
{
    private const int Most = 256 * 1024;
    private EvidenceWorld world = null!;

    public async ValueTask InitializeAsync() => world = await EvidenceWorld.StartAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task Of_a_chatty_log_the_end_is_read()
    {
        var engine = await TestServers.ContainersAsync();
        var name = $"chatty-{Guid.NewGuid():N}";
        try
        {
            await engine.StartAsync(name, [], "export PATH=/bin; busybox yes 'a line of a chatty log' | busybox head -n 80000; echo the incident; busybox touch /made; busybox sleep 1000", default);
            await engine.ExecAsync(name, "until [ -e /made ]; do /bin/busybox sleep 0.05; done", default);

            var content = await LogAsync(new() { Container = name, Engine = engine.Engine }, mostRead: 1024 * 1024);

            Assert.EndsWith("Z the incident\n", Encoding.UTF8.GetString(content.Bytes!), StringComparison.Ordinal);
            Assert.True(content.IsCut);
            Assert.Matches(@"It has more than 1 MB: only its last \d{4,5} lines were read, and what is before them is missing\.", content.Words);
        }
        finally
        {
            await engine.RunAsync(["rm", "--force", "--ignore", "--time", "0", name], default);
        }
    }

    [Fact]
    public async Task Of_a_slow_log_what_is_asked_for_again_or_else_what_was_sent_is_there()
    {
        foreach (var (sendsTail, expected, missing) in ((bool, string, string)[])[
            (true, "the end", "It was not sent in time: only its last 64 lines were read, and what is before them is missing."),
            (false, "the beginning", "It was not sent in time: the newest lines are missing.")])
        {
            await using var slow = await ScriptedGateway.StartAsync(async context =>
            {
                if (!context.Request.Path.Value!.EndsWith("/logs", StringComparison.Ordinal))
                {
                    await context.Response.WriteAsJsonAsync(new { Id = "x", Config = new { Tty = false } }, JsonSerializerOptions.Default);
                    return;
                }

                var isTail = context.Request.Query["tail"] != "all";
                context.Response.ContentType = "application/vnd.docker.multiplexed-stream";
                await context.Response.Body.WriteAsync(Frame(isTail ? "the end" : "the beginning"));
                await context.Response.Body.FlushAsync();
                if (!isTail || !sendsTail) await Task.Delay(Timeout.Infinite, context.RequestAborted);
            });
            var content = await SoonAsync(LogAsync(new() { Container = "x", Engine = slow.Url }, mostRead: 1024 * 1024));
            Assert.EndsWith($"Z {expected}\n", Encoding.UTF8.GetString(content.Bytes!), StringComparison.Ordinal);
            Assert.True(content.IsCut);
            Assert.EndsWith(missing, content.Words, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false, "It was not sent in time: the newest lines are missing.")]
    [InlineData(true, "What the engine sends of it broke off: the newest lines are missing.")]
    public async Task Of_a_log_file_that_comes_slowly_or_breaks_off_what_was_sent_is_there(bool breaksOff, string missing)
    {
        await using var slow = await ScriptedGateway.StartAsync(async context =>
        {
            context.Response.Headers["X-Docker-Container-Path-Stat"] = Convert.ToBase64String(
                JsonSerializer.SerializeToUtf8Bytes(new { name = "app.log", size = 100_000, mode = 420, mtime = "2026-07-01T09:00:00Z", linkTarget = "" }));
            if (HttpMethods.IsHead(context.Request.Method)) return;
            context.Response.ContentType = "application/x-tar";
            // The header and the first lines of a file that never comes whole.
            await context.Response.Body.WriteAsync(TarOf("app.log", [.. Encoding.UTF8.GetBytes("the beginning\n"), .. Enumerable.Repeat((byte)'x', 99_986)]).AsMemory(0, 90_000));
            await context.Response.Body.FlushAsync();
            if (breaksOff) context.Abort();
            else await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        var content = await SoonAsync(Evidence(mostRead: 1024 * 1024)
            .Sources(new() { Logs = [new() { Name = "app", Path = "/log/app.log", Container = new() { Container = "x", Engine = slow.Url } }] }, world.Time.GetUtcNow().AddHours(-2), Most)
            .Single(source => source.Name == "logs/app.txt").ReadAsync(CancellationToken.None));

        Assert.Equal("the beginning\n", Encoding.UTF8.GetString(content.Bytes!));
        Assert.True(content.IsCut);
        Assert.EndsWith(missing, content.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_sends_no_line_gives_no_evidence()
    {
        await using var silent = await ScriptedGateway.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        var problem = await Assert.ThrowsAsync<ContainerException>(() => SoonAsync(LogAsync(new() { Container = "x", Engine = silent.Url }, mostRead: 1024 * 1024)));
        Assert.Equal((false, "It was not sent in time."), (problem.IsLasting, problem.Message));
    }

    private Task<EvidenceContent> LogAsync(ContainerReference container, long mostRead) =>
        Evidence(mostRead).Sources(new() { Containers = [new() { Name = "app", Container = container }] }, DateTimeOffset.FromUnixTimeSeconds(world.Time.GetUtcNow().AddHours(-2).ToUnixTimeSeconds()), Most)
            .Single(source => source.Name == "containers/app/log.txt").ReadAsync(CancellationToken.None);

    private ContainerEvidence Evidence(long mostRead) =>
        new(world.Get<ContainerHost>(), world.Get<ContainerProcesses>(), world.Get<FileContent>(), world.Time) { MostRead = mostRead };

    private static byte[] TarOf(string name, byte[] content)
    {
        using var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, leaveOpen: true)) tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        return archive.ToArray();
    }

    // A line takes a moment of real time; the engine's patience is of the other clock.
    private async Task<T> SoonAsync<T>(Task<T> work)
    {
        while (!work.IsCompleted)
        {
            await Task.Delay(200);
            world.Time.Advance(TimeSpan.FromSeconds(1));
        }

        return await work;
    }

    private byte[] Frame(string line)
    {
        var text = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{world.Time.GetUtcNow().UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'} {line}\n"));
        return [1, 0, 0, 0, 0, 0, 0, (byte)text.Length, .. text];
    }
}
