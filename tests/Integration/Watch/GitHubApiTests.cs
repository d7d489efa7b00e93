using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using WhatsOps.Fleet;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>How GitHub is asked: gently, by whom, and what comes of it when it does not answer.</summary>
public sealed class GitHubApiTests : IAsyncLifetime
{
    private GitHubStand github = null!;

    public async ValueTask InitializeAsync() => github = await GitHubStand.StartAsync();

    public async ValueTask DisposeAsync() => await github.DisposeAsync();

    [Fact]
    public async Task What_has_not_changed_costs_nothing_of_the_limit_and_what_has_is_read_anew()
    {
        await using var world = await github.WorldAsync();
        await world.TickAsync();
        var (asked, left) = (github.Seen.Count, github.Remaining);
        Assert.Empty(github.Unchanged);
        await world.TickAsync(TimeSpan.FromMinutes(5));
        Assert.Equal((2 * asked, asked, left), (github.Seen.Count, github.Unchanged.Count, github.Remaining));
        Assert.Empty(await world.OpenAsync());

        github.Checks[0] = github.Check("backend-tests", "failure");
        await world.TickAsync(TimeSpan.FromMinutes(5));
        Assert.Equal((left - 1, left - 1), (github.Remaining, await world.ValueAsync("release/chat", "release.requests.remaining")));
        Assert.Equal(["target_unhealthy release/chat/check/backend-tests"], await world.OpenAsync());
    }

    [Fact]
    [Source("github", SourceState.Slow, "target_unreachable")]
    public async Task Nobody_there_and_somebody_who_never_answers_are_unreachable_and_a_token_that_is_not_set_is_said()
    {
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        await using var world = await github.WorldAsync(
            github.Target with { Name = "refused", ApiUrl = "http://127.0.0.1:1" }, github.Target with { Name = "deaf", ApiUrl = $"http://127.0.0.1:{((IPEndPoint)deaf.LocalEndpoint).Port}" },
            github.Target with { Name = "unset", Token = "${env:UNSET}" });
        // A look at a release has a minute.
        await world.TickPastPatienceAsync(TimeSpan.FromSeconds(0.5));
        world.Time.Advance(TimeSpan.FromMinutes(5));
        await world.TickPastPatienceAsync(TimeSpan.FromSeconds(0.5));
        Assert.Equal(["target_unauthorized release/unset", "target_unreachable release/deaf", "target_unreachable release/refused"], await world.OpenAsync());
        Assert.Empty(github.Seen);
    }

    [Fact]
    public async Task Without_a_token_a_public_repository_is_read_as_a_stranger()
    {
        await using var world = await github.WorldAsync(github.Target with { Token = null });
        world.Settings.Clear();
        await world.TickAsync();
        Assert.Empty(await world.OpenAsync());
        Assert.Equal(1, await world.ValueAsync("release/chat", "up"));
        // What has not changed counts too.
        var (asked, left) = (github.Seen.Count, github.Remaining);
        await world.TickAsync(TimeSpan.FromMinutes(30));
        Assert.Equal((asked, left - asked), (github.Unchanged.Count, github.Remaining));
    }

    [Fact]
    public async Task A_limit_is_of_a_token_at_an_address_and_not_of_a_target()
    {
        await using var other = await GitHubStand.StartAsync();
        await using var world = await github.WorldAsync(github.Target, github.Target with { Name = "same" }, github.Target with { Name = "elsewhere", ApiUrl = other.Url });
        github.Remaining = 0;
        github.Reset = world.Time.GetUtcNow().AddMinutes(32);
        for (var look = 0; look < 2; look++) await world.TickAsync(TimeSpan.FromMinutes(5));
        // Both may have begun at once.
        Assert.InRange(github.Seen.Count, 1, 2);
        Assert.Equal(["target_not_observable release/chat", "target_not_observable release/same"], await world.OpenAsync());
        Assert.NotEmpty(other.Seen);
    }

    [Fact]
    public async Task What_was_found_stays_while_its_part_fails_and_while_the_limit_is_used_up_and_nothing_is_asked_meanwhile()
    {
        github.Checks[0] = github.Check("backend-tests", "failure");
        await using var world = await github.WorldAsync();
        await world.TickAsync();
        const string Found = "target_unhealthy release/chat/check/backend-tests";
        Assert.Equal([Found], await world.OpenAsync());

        github.Instead["/check-runs"] = (502, "", []);
        for (var look = 0; look < 3; look++) await world.TickAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(["target_not_observable release/chat/checks", Found], await world.OpenAsync());

        github.Instead.Clear();
        github.Checks[0] = github.Check("backend-tests");
        github.Remaining = 0;
        github.Reset = world.Time.GetUtcNow().AddMinutes(32);
        await world.TickAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(["target_not_observable release/chat", "target_not_observable release/chat/checks", Found], await world.OpenAsync());
        Assert.Contains($"until {github.Reset.UtcDateTime:yyyy-MM-dd HH:mm} UTC", (await world.Get<WatchBoard>().TargetsAsync(WatchWorld.System, CancellationToken.None)).Single().Words!, StringComparison.Ordinal);

        var asked = github.Seen.Count;
        for (var look = 0; look < 5; look++) await world.TickAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(asked, github.Seen.Count);
        Assert.Contains(Found, await world.OpenAsync());
        github.Remaining = 5000;
        for (var look = 0; look < 2; look++) await world.TickAsync(TimeSpan.FromMinutes(5));
        Assert.Empty(await world.OpenAsync());
    }

    [Fact]
    public async Task An_entity_tag_that_looks_like_a_reference_goes_back_as_it_is_and_brings_no_secret_out()
    {
        const string Tag = "\"${env:GITHUB_TOKEN}\"";
        var tags = new List<string>();
        await using var liar = await HttpStand.StartAsync();
        liar.Answer = http =>
        {
            lock (tags) tags.AddRange(http.Request.Headers.IfNoneMatch.OfType<string>());
            http.Response.Headers.ETag = Tag;
            return http.Response.WriteAsync(http.Request.Path.Value!.EndsWith("/branches/main", StringComparison.Ordinal) ? $$$"""{"commit":{"sha":"{{{GitHubStand.Head}}}"}}""" : "[]");
        };
        await using var world = await github.WorldAsync(github.Target with { ApiUrl = liar.Url, Checks = [], Scans = [], Changelog = null });
        for (var look = 0; look < 2; look++) await world.TickAsync(TimeSpan.FromMinutes(5));
        Assert.Equal([Tag, Tag], tags);
    }
}
