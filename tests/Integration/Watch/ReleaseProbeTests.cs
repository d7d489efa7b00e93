using System.Text.Json.Nodes;
using WhatsOps.Fleet;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>Looks at releases, through the watcher, at an API that answers as GitHub documents it.</summary>
public sealed class ReleaseProbeTests : IAsyncLifetime
{
    private GitHubStand github = null!;

    public async ValueTask InitializeAsync() => github = await GitHubStand.StartAsync();

    public async ValueTask DisposeAsync() => await github.DisposeAsync();

    [Fact]
    [Capability("R-034")]
    [Capability("R-035")]
    [Capability("R-036")]
    [Capability("R-037")]
    [Capability("R-038")]
    [Capability("R-201")]
    [Capability("R-248")]
    [Source("github", SourceState.Present, "none")]
    public async Task A_release_that_was_approved_noted_checked_and_scanned_is_well_and_has_its_numbers()
    {
        github.Runs["safety.yml"] = [github.Run(2)];
        await using var world = await github.WorldAsync(github.Target with { Scans = [new() { Workflow = "bandit.yml" }, new() { Workflow = "safety.yml" }] });
        await world.TickAsync();
        Assert.Empty(await world.OpenAsync());
        Assert.Equal((1, 1), (await ValueAsync(world, "release.approved"), await ValueAsync(world, "release.changelog")));
        foreach (var check in github.Target.Checks) Assert.Equal(1, await ValueAsync(world, "release.check.success", check));
        Assert.Equal((1, 1), (await ValueAsync(world, "release.scan.success", "bandit.yml"), await ValueAsync(world, "release.scan.success", "safety.yml")));
        Assert.InRange((await ValueAsync(world, "release.scan.age.days", "bandit.yml"))!.Value, 6, 6.1);
        Assert.InRange((await ValueAsync(world, "release.age.hours"))!.Value, 1, 1.1);
        Assert.StartsWith("main is at 0e1f2a3 by pull request 12 since ", await WordsAsync(world), StringComparison.Ordinal);
        Assert.All(world.Logged, line => Assert.DoesNotContain(GitHubStand.Token, line, StringComparison.Ordinal));
    }

    [Theory]
    [Capability("R-034")]
    [InlineData("pushed", "without a pull request")]
    [InlineData("into another branch", "without a pull request")]
    [InlineData("still open", "without a pull request")]
    [InlineData("nobody", "without an approval")]
    [InlineData("bot", "without an approval")]
    [InlineData("dismissed", "without an approval")]
    [InlineData("one of two wants changes", "1 of its reviewers want changes")]
    [InlineData("a stranger wants changes, and nobody approved", "without an approval")]
    public async Task What_nobody_approved_is_a_finding_until_it_is_approved(string how, string words)
    {
        github.Pulls = how switch { "pushed" => [], "into another branch" => [GitHubStand.Pull(12, "develop", github.Now)], "still open" => [GitHubStand.Pull(12, "main", null)], _ => github.Pulls };
        github.Reviews = how switch
        {
            "bot" => [GitHubStand.Review(9, "APPROVED", "Bot")],
            "a stranger wants changes, and nobody approved" => [GitHubStand.Review(8, "CHANGES_REQUESTED", association: "NONE")],
            "dismissed" => [GitHubStand.Review(1, "APPROVED"), GitHubStand.Review(1, "DISMISSED")],
            "one of two wants changes" => [GitHubStand.Review(1, "CHANGES_REQUESTED"), GitHubStand.Review(2, "APPROVED"), GitHubStand.Review(1, "COMMENTED")],
            _ => [],
        };
        await using var world = await github.WorldAsync();
        await world.TickAsync();
        var finding = Assert.Single(await world.FindingsAsync());
        Assert.Equal(("release_unsound", "release/chat/approval", Severity.High), (finding.Kind, finding.Subject, finding.Severity));
        Assert.Contains(words, finding.Cause, StringComparison.Ordinal);
        Assert.Equal(0, await ValueAsync(world, "release.approved"));

        github.Pulls = [GitHubStand.Pull(12, "main", github.Now)];
        github.Reviews = [GitHubStand.Review(1, "CHANGES_REQUESTED"), GitHubStand.Review(2, "APPROVED"), GitHubStand.Review(1, "APPROVED")];
        for (var look = 0; look < 2; look++) await world.TickAsync(TimeSpan.FromMinutes(5));
        Assert.Empty(await world.OpenAsync());
    }

    [Fact]
    [Capability("R-034")]
    public async Task What_only_strangers_approved_is_not_known_to_be_approved_and_what_they_or_latecomers_want_is_no_refusal()
    {
        github.Reviews = [GitHubStand.Review(8, "APPROVED", association: "CONTRIBUTOR")];
        await using var world = await github.WorldAsync();
        await world.TickAsync();
        var finding = Assert.Single(await world.FindingsAsync());
        Assert.Equal(("target_not_observable", "release/chat/approval"), (finding.Kind, finding.Subject));
        Assert.Contains("neither members nor collaborators", finding.Cause, StringComparison.Ordinal);
        Assert.Null(await ValueAsync(world, "release.approved"));

        github.Reviews = [GitHubStand.Review(1, "APPROVED"), GitHubStand.Review(8, "CHANGES_REQUESTED", association: "NONE"), GitHubStand.Review(2, "CHANGES_REQUESTED", submitted: github.Now)];
        for (var look = 0; look < 2; look++) await world.TickAsync(TimeSpan.FromMinutes(5));
        Assert.Empty(await world.OpenAsync());
        Assert.Equal(1, await ValueAsync(world, "release.approved"));
    }

    [Theory]
    [Capability("R-036")]
    [InlineData("checks again", "target_unhealthy release/chat/check/backend-tests")]
    [InlineData("/check-runs actions/runs", "target_not_observable release/chat/checks, target_unhealthy release/chat/check/backend-tests")]
    [InlineData("/reviews", "target_not_observable release/chat/approval, release_unsound release/chat/approval")]
    [InlineData("/files", "target_not_observable release/chat/changelog, release_unsound release/chat/changelog")]
    [InlineData("bandit.yml/runs", "target_not_observable release/chat/scan/bandit.yml, target_unhealthy release/chat/scan/bandit.yml")]
    [InlineData("no workflow", "target_absent release/chat/scan/bandit.yml, target_unhealthy release/chat/scan/bandit.yml")]
    public async Task What_was_found_of_a_part_that_is_not_seen_stays_and_the_rest_closes(string how, string left)
    {
        github.Checks[0] = github.Check("backend-tests", "failure");
        github.Reviews = [];
        github.Files = [GitHubStand.File("backend/src/app.ts")];
        github.Runs["bandit.yml"] = [github.Run(1, "failure")];
        await using var world = await github.WorldAsync();
        await world.TickAsync();
        Assert.Equal(["release_unsound release/chat/approval", "release_unsound release/chat/changelog", "target_unhealthy release/chat/check/backend-tests", "target_unhealthy release/chat/scan/bandit.yml"], await world.OpenAsync());

        // All is mended, and of one part it is not seen.
        github.Checks[0] = github.Check("backend-tests", how == "checks again" ? null : "success");
        github.Reviews = [GitHubStand.Review(1, "APPROVED")];
        github.Files = [GitHubStand.File(GitHubStand.Notes)];
        github.Runs["bandit.yml"] = [github.Run(0)];
        if (how == "no workflow") github.Runs.Clear();
        else if (how != "checks again") foreach (var path in how.Split(' ')) github.Instead[path] = (403, """{"message":"Resource not accessible by personal access token"}""", []);
        for (var look = 0; look < 3; look++) await world.TickAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(left.Split(", ").Order(), (await world.OpenAsync()).Order());

        github.Instead.Clear();
        github.Checks[0] = github.Check("backend-tests");
        github.Runs["bandit.yml"] = [github.Run(0)];
        for (var look = 0; look < 2; look++) await world.TickAsync(TimeSpan.FromMinutes(5));
        Assert.Empty(await world.OpenAsync());
    }

    [Theory]
    [Capability("R-201")]
    [InlineData(1, "own", null)]
    [InlineData(29, "own", null)]
    [InlineData(29, "", "target_absent release/chat/scan/bandit.yml")]
    [InlineData(31, "own", "target_not_observable release/chat/scan/bandit.yml")]
    public async Task A_run_of_a_fork_whose_branch_has_the_same_name_is_no_scan_of_the_release(int strange, string own, string? finding)
    {
        github.Runs["bandit.yml"] =
        [
            .. Enumerable.Range(0, strange).Select(number => github.Run(0, "failure", repository: number % 2 == 0 ? "stranger/chat" : "acme/chat", trigger: "pull_request")),
            .. own.Length == 0 ? Array.Empty<JsonNode>() : [github.Run(2)],
        ];
        await using var world = await github.WorldAsync();
        await world.TickAsync();
        Assert.Equal(finding is null ? [] : [finding], await world.OpenAsync());
        Assert.Equal(finding is null ? 1 : (double?)null, await ValueAsync(world, "release.scan.success", "bandit.yml"));
    }

    [Theory]
    [Capability("R-035")]
    [InlineData(true, "modified", 70, false)]
    [InlineData(true, "removed", 0, true)]
    [InlineData(true, null, 70, true)]
    [InlineData(false, "added", 70, false)]
    [InlineData(false, null, 3, true)]
    public async Task A_release_whose_difference_lacks_its_notes_is_a_finding_on_whichever_page_they_are(bool isPull, string? status, int before, bool isMissing)
    {
        if (!isPull) github.Pulls = [];
        github.Files = [.. Enumerable.Range(0, before).Select(number => GitHubStand.File($"src/{number}.ts")), .. status is null ? Array.Empty<JsonNode>() : [GitHubStand.File(GitHubStand.Notes, status)]];
        await using var world = await github.WorldAsync();
        await world.TickAsync();
        Assert.Equal(isMissing ? 0 : 1, await ValueAsync(world, "release.changelog"));
        Assert.Equal(isMissing ? ["release_unsound release/chat/changelog"] : [], (await world.OpenAsync()).Where(finding => finding.EndsWith("changelog", StringComparison.Ordinal)));
    }

    [Fact]
    [Capability("R-036")]
    [Capability("R-037")]
    [Capability("R-038")]
    public async Task Each_check_is_judged_by_its_name_also_on_later_pages_and_before_the_merge()
    {
        github.Checks =
        [
            .. Enumerable.Range(0, 100).Select(number => github.Check($"lint ({number})")),
            github.Check("backend-tests", "timed_out"), github.Check("frontend-tests", "skipped"),
            // Workflows on pull requests only; those of the branch's own commit weigh more.
            github.Check("backend-tests", sha: GitHubStand.PullHead), github.Check("frontend-tests", sha: GitHubStand.PullHead), github.Check("backend-build", sha: GitHubStand.PullHead),
        ];
        await using var world = await github.WorldAsync();
        await world.TickAsync();
        Assert.Equal(["target_absent release/chat/check/frontend-build", "target_unhealthy release/chat/check/backend-tests"], await world.OpenAsync());
        Assert.Equal((0, 1, 1), (await CheckAsync("backend-tests"), await CheckAsync("frontend-tests"), await CheckAsync("backend-build")));
        Assert.Null(await CheckAsync("frontend-build"));

        Task<double?> CheckAsync(string name) => ValueAsync(world, "release.check.success", name);
    }

    [Theory]
    [Capability("R-201")]
    [Capability("R-248")]
    [InlineData("failure", "target_unhealthy release/chat/scan/bandit.yml")]
    [InlineData("cancelled", "target_absent release/chat/scan/bandit.yml")]
    [InlineData("late", "target_absent release/chat/scan/bandit.yml/age")]
    [InlineData("of another branch", "target_absent release/chat/scan/bandit.yml")]
    [InlineData("never", "target_absent release/chat/scan/bandit.yml")]
    [InlineData("no workflow", "target_absent release/chat/scan/bandit.yml")]
    public async Task A_scan_that_failed_or_has_not_run_within_its_days_is_a_finding(string how, string finding)
    {
        github.Runs["bandit.yml"] = how switch
        {
            "late" => [github.Run(8)],
            "of another branch" => [github.Run(1, branch: "feature")],
            "never" => [],
            _ => [github.Run(1, how), github.Run(2)],
        };
        if (how == "no workflow") github.Runs.Clear();
        await using var world = await github.WorldAsync();
        await world.TickAsync();
        Assert.Equal([finding], await world.OpenAsync());
        Assert.All(github.Seen, request => Assert.DoesNotContain("dispatches", request, StringComparison.Ordinal));
    }

    /// <summary>The table of sources: what is there, and what finding it gives.</summary>
    [Theory]
    [Capability("R-034", Absent = true)]
    [Capability("R-035", Absent = true)]
    [Capability("R-036", Absent = true)]
    [Capability("R-037", Absent = true)]
    [Capability("R-038", Absent = true)]
    [Capability("R-201", Absent = true)]
    [Capability("R-248", Absent = true)]
    [Capability("R-422")]
    [InlineData("no such repository", 404, """{"message":"Not Found"}""", "target_absent", "A private repository needs a token")]
    [InlineData("deleted branch", 404, """{"message":"Branch not found"}""", "target_absent", "has no branch main")]
    [InlineData("renamed", 301, """{"message":"Moved Permanently"}""", "target_absent", "renamed or moved")]
    [InlineData("wrong token", 401, """{"message":"Bad credentials"}""", "target_unauthorized", "refuses the token")]
    [InlineData("a right is missing", 403, """{"message":"Resource not accessible by personal access token"}""", "target_unauthorized", "the token lacks a right")]
    [InlineData("failing", 502, """{"message":"Server Error"}""", "target_unreachable", "GitHub answers 502")]
    [InlineData("lying: another page with 200", 200, "<html>Welcome to nginx!</html>", "target_unreachable", "is not GitHub's API")]
    [InlineData("lying: another JSON with 200", 200, """{"commit":{"sha":"../../secret"}}""", "target_unreachable", "is not GitHub's API")]
    [InlineData("limited", 429, """{"message":"You have exceeded a secondary rate limit."}""", "target_not_observable", "takes no more requests until")]
    [Source("github", SourceState.Absent, "target_absent")]
    [Source("github", SourceState.Unauthorized, "target_unauthorized")]
    [Source("github", SourceState.Lying, "target_unreachable")]
    public async Task What_a_source_answers_decides_its_finding(string source, int status, string body, string kind, string words)
    {
        github.Instead["branches/main"] = (status, body, []);
        await using var world = await github.WorldAsync();
        for (var look = 0; look < 2; look++) await world.TickAsync(TimeSpan.FromMinutes(5));
        var finding = Assert.Single(await world.FindingsAsync());
        Assert.Equal((kind, "release/chat"), (finding.Kind, finding.Subject));
        Assert.Contains(words, finding.Cause, StringComparison.Ordinal);
        Assert.NotEmpty(source);
        Assert.Null(await ValueAsync(world, "release.approved"));
    }

    [Theory]
    [Capability("R-034", Absent = true)]
    [Capability("R-035", Absent = true)]
    [Capability("R-036", Absent = true)]
    [Capability("R-201", Absent = true)]
    [InlineData("commits/0e1f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b/pulls", "approval", "changelog")]
    [InlineData("/reviews", "approval")]
    [InlineData("/files", "changelog")]
    [InlineData("/check-runs actions/runs", "checks")]
    [InlineData("/runs", "scan/bandit.yml")]
    [Source("github", SourceState.Unauthorized, "target_not_observable")]
    public async Task A_part_that_the_token_may_not_read_is_not_observable_and_the_rest_is_judged(string paths, params string[] parts)
    {
        foreach (var path in paths.Split(' ')) github.Instead[path] = (403, """{"message":"Resource not accessible by personal access token"}""", [("X-Accepted-GitHub-Permissions", "checks=read")]);
        await using var world = await github.WorldAsync();
        await world.TickAsync();
        Assert.Equal(parts.Select(part => $"target_not_observable release/chat/{part}"), await world.OpenAsync());
        Assert.All(await world.FindingsAsync(), finding => Assert.Contains("It wants checks read.", finding.Cause, StringComparison.Ordinal));
        Assert.Equal(parts.Contains("approval") ? null : (double?)1, await ValueAsync(world, "release.approved"));
    }

    [Theory]
    [Capability("R-036")]
    [InlineData("success", null)]
    [InlineData("failure", "target_unhealthy release/chat/check/backend-build")]
    public async Task A_fine_grained_token_which_may_not_read_checks_reads_the_jobs_that_they_are(string conclusion, string? finding)
    {
        github.Instead["/check-runs"] = (403, """{"message":"Resource not accessible by personal access token"}""", []);
        github.Checks = [github.Check("backend-tests"), github.Check("frontend-tests"), github.Check("backend-build", conclusion), github.Check("frontend-build", sha: GitHubStand.PullHead)];
        await using var world = await github.WorldAsync();
        await world.TickAsync();
        Assert.Equal(finding is null ? [] : [finding], await world.OpenAsync());
        Assert.Equal((1, finding is null ? 1 : 0, 1), (await ValueAsync(world, "release.check.success", "backend-tests"), await ValueAsync(world, "release.check.success", "backend-build"), await ValueAsync(world, "release.check.success", "frontend-build")));
    }

    private static Task<double?> ValueAsync(WatchWorld world, string metric, string subject = "") => world.ValueAsync("release/chat", metric, subject);

    private static async Task<string> WordsAsync(WatchWorld world) => (await world.Get<WatchBoard>().TargetsAsync(WatchWorld.System, CancellationToken.None)).Single().Words!;
}
