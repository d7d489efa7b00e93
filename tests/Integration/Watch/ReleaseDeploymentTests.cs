using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Moq;
using WhatsOps.Cli.Local;
using WhatsOps.Fleet;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>What runs, as the product says it, against what was released, as GitHub says it.</summary>
public sealed class ReleaseDeploymentTests : IAsyncLifetime
{
    private const string Older = "a1b2c3d4e5f60718293a4b5c6d7e8f9011223344";
    private GitHubStand github = null!;
    private HttpStand product = null!;

    public async ValueTask InitializeAsync()
    {
        github = await GitHubStand.StartAsync();
        product = await HttpStand.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await github.DisposeAsync();
        await product.DisposeAsync();
    }

    [Theory]
    [Capability("R-032")]
    [InlineData(GitHubStand.Head, 0, 0, null, "it runs.")]
    [InlineData("0e1f2a", 0, 0, null, "it runs.")]
    [InlineData(Older, 3, 0, null, "a1b2c3d runs.")]
    [InlineData(Older, 0, 1, "is not in main: it was never merged", "a1b2c3d runs.")]
    [InlineData(Older, 3, 1, "is not in main: it was never merged", "a1b2c3d runs.")]
    [InlineData("ffffff", 0, 0, "was never pushed there", "ffffff runs.")]
    public async Task What_runs_is_the_commit_of_the_branch_or_an_older_one_of_it_and_nothing_else(string commit, int ahead, int behind, string? cause, string words)
    {
        github.Compared[Older] = (ahead, behind);
        Runs(commit);
        await using var world = await WorldAsync();
        await world.TickAsync();
        Assert.EndsWith(words, await WordsAsync(world), StringComparison.Ordinal);
        Assert.Equal(cause is null ? ahead : (double?)null, await world.ValueAsync("release/chat", "release.commits.undeployed"));
        Assert.Equal(cause is null ? [] : ["release_not_running release/chat/deployed"], await world.OpenAsync());
        if (cause is null) return;
        var finding = Assert.Single(await world.FindingsAsync());
        Assert.Equal(Severity.High, finding.Severity);
        Assert.Contains(cause, finding.Cause, StringComparison.Ordinal);
        Assert.Contains("deploy 0e1f2a3", finding.Cause, StringComparison.Ordinal);
    }

    [Fact]
    [Capability("R-032")]
    public async Task A_release_that_does_not_run_after_its_hours_is_a_finding_until_it_runs()
    {
        github.Compared[Older] = (3, 0);
        Runs(Older);
        await using var world = await WorldAsync();
        // Merged an hour ago.
        await world.TickAsync(TimeSpan.FromHours(22.9));
        Assert.Empty(await world.OpenAsync());
        // Another merge gives it no more time.
        github.Pulls = [GitHubStand.Pull(12, "main", world.Time.GetUtcNow())];
        await world.TickAsync(TimeSpan.FromHours(0.2));
        var finding = Assert.Single(await world.FindingsAsync());
        Assert.Equal(("release_not_running", "release/chat/deployed", Severity.Medium), (finding.Kind, finding.Subject, finding.Severity));
        Assert.Equal("main is 3 commits ahead of a1b2c3d, which runs; the oldest of them came 24 hours ago. Fix: deploy 0e1f2a3.", finding.Cause);

        Runs(GitHubStand.Head);
        for (var look = 0; look < 2; look++) await world.TickAsync(TimeSpan.FromMinutes(5));
        Assert.Empty(await world.OpenAsync());
    }

    [Theory]
    [Capability("R-032")]
    [InlineData("pushed", "release_not_running")]
    [InlineData("refused", "target_not_observable")]
    public async Task Since_when_a_commit_without_a_pull_request_is_missing_is_its_own_time(string how, string kind)
    {
        github.Compared[Older] = (3, 0);
        github.OldestPulls = [];
        if (how == "refused") github.Instead[$"commits/{GitHubStand.Oldest}/pulls"] = (403, """{"message":"Resource not accessible by personal access token"}""", []);
        Runs(Older);
        await using var world = await WorldAsync();
        await world.TickAsync();
        Assert.Equal([$"{kind} release/chat/deployed"], await world.OpenAsync());
    }

    [Fact]
    [Capability("R-032")]
    public async Task What_cannot_be_known_of_what_runs_keeps_its_own_finding_open_and_no_other()
    {
        github.Compared[Older] = (0, 1);
        github.Checks[0] = github.Check("backend-tests", "failure");
        Runs(Older);
        await using var world = await WorldAsync();
        await world.TickAsync();
        Assert.Equal(["release_not_running release/chat/deployed", "target_unhealthy release/chat/check/backend-tests"], await world.OpenAsync());

        product.Says("""{"version":"2.4.1","backend":{"version":"2.4.1","commit":"N/A"}}""");
        github.Checks[0] = github.Check("backend-tests");
        for (var look = 0; look < 3; look++) await world.TickAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(["release_not_running release/chat/deployed", "target_not_observable release/chat/deployed"], (await world.OpenAsync()).Where(finding => finding.Contains("release/chat", StringComparison.Ordinal)));
    }

    [Theory]
    [Capability("R-032", Absent = true)]
    [InlineData(200, """{"version":"2.4.1","backend":{"version":"2.4.1","commit":"N/A"}}""", "names no commit")]
    [InlineData(200, "<html>Welcome to nginx!</html>", "not as TaktChat does")]
    [InlineData(503, """{"error":"DB_UNAVAILABLE"}""", "answers 503")]
    [InlineData(404, "", "answers 404")]
    public async Task What_does_not_say_which_commit_it_is_is_not_taken_for_the_released_one(int status, string body, string words)
    {
        product.Says(body, status);
        await using var world = await WorldAsync();
        await world.TickAsync();
        var finding = (await world.FindingsAsync()).Single(finding => finding.Check == "watch/release/chat");
        Assert.Equal(("target_not_observable", "release/chat/deployed"), (finding.Kind, finding.Subject));
        Assert.Contains(words, finding.Cause, StringComparison.Ordinal);
        Assert.EndsWith("what runs is not known.", await WordsAsync(world), StringComparison.Ordinal);
        Assert.Null(await world.ValueAsync("release/chat", "release.commits.undeployed"));
    }

    [Fact]
    [Capability("R-032")]
    public async Task After_an_update_one_look_says_whether_health_commit_and_containers_are_well()
    {
        var engine = await TestServers.ContainersAsync();
        var name = $"updated-{Guid.NewGuid():N}";
        try
        {
            await engine.StartAsync(name, [], "busybox sleep 1000", default);
            Runs(Older, health: "error");
            github.Compared[Older] = (0, 2);
            await using var world = await WorldAsync(new ContainerTarget { Name = "api", Container = new() { Container = name, Engine = engine.Engine }, Environment = false, Logs = false, ImageDays = 0 });
            Assert.Equal(["release_not_running release/chat/deployed", "target_unhealthy http/health"], await AfterUpdateAsync(world));

            Runs(GitHubStand.Head);
            Assert.Empty(await AfterUpdateAsync(world));
            await engine.RunAsync(["stop", "--time", "0", name], default);
            Assert.Equal(["target_unhealthy container/api/state"], await AfterUpdateAsync(world));
        }
        finally
        {
            await engine.RunAsync(["rm", "--force", "--ignore", "--time", "0", name], default);
        }

        // That the container has no health check is no part of this.
        static async Task<string[]> AfterUpdateAsync(WatchWorld world)
        {
            var functions = new WatchFunctions(world.Services, world.Get<IFleet>(), Mock.Of<IOperators>(), null!, world.Time);
            for (var look = 0; look < 2; look++)
            {
                world.Time.Advance(TimeSpan.FromSeconds(30));
                var now = functions.Now(new DefaultHttpContext().Request, WatchWorld.System, CancellationToken.None);
                // The look at a container waits between two readings of its use, and has 10 s of real time for all that it asks the engine.
                while (!now.IsCompleted)
                {
                    await Task.Delay(20);
                    world.Time.Advance(TimeSpan.FromMilliseconds(30));
                }

                Assert.IsType<OkObjectResult>(await now);
            }

            return [.. (await world.OpenAsync()).Where(finding => !finding.StartsWith("target_not_observable", StringComparison.Ordinal))];
        }
    }

    private void Runs(string commit, string health = "ok") => product.Answer = http => http.Response.WriteAsync(http.Request.Path == "/health"
        ? $$$"""{"status":"{{{health}}}","api":{"status":"ok"},"database":{"status":"{{{health}}}","error":null}}"""
        : $$$"""{"version":"2.4.1","backend":{"version":"2.4.1","versionLabel":"v2.4.1","commit":"{{{commit}}}","commitShort":"{{{commit[..6]}}}","buildDate":"2026-01-05T12:00:00Z"}}""");

    private async Task<WatchWorld> WorldAsync(params ContainerTarget[] containers)
    {
        var world = await WatchWorld.StartAsync(
            new()
            {
                Http = [new() { Name = "version", Url = product.Url + "/version", Shape = HttpShape.TaktChatVersion }, .. containers.Length == 0 ? Array.Empty<HttpTarget>() : [new() { Name = "health", Url = product.Url + "/health", Shape = HttpShape.TaktChatHealth }]],
                Releases = [github.Target with { Version = "version" }],
                Containers = containers,
            },
            "taktchat");
        world.Settings["GITHUB_TOKEN"] = GitHubStand.Token;
        return world;
    }

    private static async Task<string> WordsAsync(WatchWorld world) => (await world.Get<WatchBoard>().TargetsAsync(WatchWorld.System, CancellationToken.None)).Single(target => target.Target == "release/chat").Words!;
}
