using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using CsCheck;
using WhatsOps.Fleet;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Watch;

/// <summary>How answers about releases are judged, at both sides of each number.</summary>
public sealed class ReleaseTests
{
    private const string Sha = "0e1f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b";
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(200, "rate limit", null, null, null)]
    [InlineData(403, "Resource not accessible", null, "59", null)]
    [InlineData(403, "Resource not accessible", null, null, null)]
    [InlineData(403, "API rate limit exceeded", null, "0", 3600)]
    [InlineData(429, "", null, "0", 3600)]
    [InlineData(403, "You have exceeded a secondary rate limit", null, "59", 60)]
    [InlineData(429, "", null, null, 60)]
    [InlineData(403, "", "90", "59", 90)]
    [InlineData(429, "", "5", null, 60)]
    [InlineData(429, "", "999999", null, 7200)]
    public void A_limit_is_waited_for_as_long_as_it_says_and_no_longer_than_limits_last(int status, string message, string? retryAfter, string? remaining, int? seconds)
    {
        var headers = Headers(("Retry-After", retryAfter), ("x-ratelimit-remaining", remaining), ("x-ratelimit-reset", Now.AddHours(1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        Assert.Equal(seconds is { } wait ? Now.AddSeconds(wait) : (DateTimeOffset?)null, GitHubLimit.Of(status, headers, message, Now));
    }

    [Theory]
    [InlineData("1507651200000")]
    [InlineData("-1")]
    [InlineData("soon")]
    public void A_time_that_is_none_is_waited_for_a_minute(string reset) =>
        Assert.Equal(Now.AddMinutes(1), GitHubLimit.Of(403, Headers(("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", reset)), "", Now));

    [Theory]
    [Capability("R-034")]
    [InlineData("", 0, 0, 0)]
    [InlineData("1:APPROVED", 1, 0, 0)]
    [InlineData("1:APPROVED 2:APPROVED", 2, 0, 0)]
    [InlineData("1:COMMENTED 1:PENDING", 0, 0, 0)]
    [InlineData("1:CHANGES_REQUESTED 1:APPROVED", 1, 0, 0)]
    [InlineData("1:APPROVED 1:CHANGES_REQUESTED 1:COMMENTED", 0, 1, 0)]
    [InlineData("1:APPROVED 1:DISMISSED 2:APPROVED", 1, 0, 0)]
    [InlineData("bot:APPROVED", 0, 0, 0)]
    [InlineData("stranger:APPROVED", 0, 0, 1)]
    [InlineData("1:APPROVED stranger:CHANGES_REQUESTED", 1, 0, 0)]
    [InlineData("1:APPROVED 1:CHANGES_REQUESTED@0", 0, 1, 0)]
    [InlineData("1:APPROVED 1:CHANGES_REQUESTED@1", 1, 0, 0)]
    [InlineData("1:APPROVED@1", 1, 0, 0)]
    public void The_last_word_of_each_of_the_repository_counts_and_a_bots_and_others_do_not(string reviews, int approvals, int refusals, int others) =>
        Assert.Equal((approvals, refusals, others), ReleaseApproval.Count([.. reviews.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(review => review.Split(':', '@')).Select(parts => new ReleaseApproval.Review(
            parts[0] switch { "bot" => 99, "stranger" => 98, var user => double.Parse(user, CultureInfo.InvariantCulture) }, parts[0] == "bot", parts[1], parts[0] != "stranger",
            parts.Length > 2 ? Now.AddSeconds(double.Parse(parts[2], CultureInfo.InvariantCulture)) : null))], Now));

    [Theory]
    [InlineData("OWNER", true)]
    [InlineData("MEMBER", true)]
    [InlineData("COLLABORATOR", true)]
    [InlineData("CONTRIBUTOR", false)]
    [InlineData("FIRST_TIME_CONTRIBUTOR", false)]
    [InlineData("NONE", false)]
    [InlineData("member", false)]
    public void Who_is_of_the_repository_is_what_GitHub_says_of_the_author(string association, bool isOurs)
    {
        using var json = JsonDocument.Parse($$"""[{"state":"APPROVED","user":{"id":1},"author_association":"{{association}}","submitted_at":"2026-03-01T12:00:00Z"},{"state":"APPROVED"}]""");
        ReleaseApproval.Review[] reviews = [new(1, false, "APPROVED", isOurs, Now), new(null, false, "APPROVED", false, null)];
        Assert.Equal(reviews, ReleaseApproval.ReadAll(json.RootElement));
    }

    [Fact]
    public void A_pull_request_counts_when_it_is_merged_into_the_branch_and_the_newest_first()
    {
        PullRequest[] all = [new(1, Now, "main", Sha), new(2, Now.AddMinutes(1), "main", Sha), new(3, Now.AddMinutes(2), "develop", Sha), new(4, null, "main", Sha)];
        Assert.Equal(2, PullRequest.Into(all, "main")?.Number);
        Assert.Null(PullRequest.Into(all, "release"));
    }

    [Theory]
    [Capability("R-036")]
    [InlineData("success", true, null)]
    [InlineData("success skipped", true, null)]
    [InlineData("success failure", false, "target_unhealthy")]
    [InlineData("running failure", false, "target_unhealthy")]
    [InlineData("queued", null, "target_not_observable")]
    [InlineData("cancelled", false, "target_unhealthy")]
    [InlineData("a_word_of_tomorrow", false, "target_unhealthy")]
    [InlineData("success running", null, null)]
    [InlineData("success stuck", null, "target_not_observable")]
    [InlineData("skipped", null, "target_absent")]
    [InlineData("neutral", null, "target_absent")]
    [InlineData("", null, "target_absent")]
    public void A_check_is_well_when_every_run_of_its_name_ended_well_and_one_ran_at_all(string conclusions, bool? success, string? kind)
    {
        ReleaseChecks.Run[] runs =
        [
            .. conclusions.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => new ReleaseChecks.Run("tests", Sha, word is "running" or "stuck" or "queued" ? null : word, word == "queued" ? null : Now.AddHours(-1).AddSeconds(word == "stuck" ? -1 : 0))),
            new("other", Sha, "failure", Now),
        ];
        var (known, isGoing, trouble) = ReleaseChecks.Judge("tests", runs, new("main", new(Sha, Now.AddHours(-1).AddSeconds(-1)), null), Now);
        Assert.Equal((success, success is null && kind != "target_absent", kind), (known, isGoing, trouble?.Kind));
        if (conclusions.Length == 0) Assert.Contains("there are other.", trouble!.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [Capability("R-248")]
    [InlineData(0, "success", 1.0, "")]
    [InlineData(1, "success", 1.0, "target_absent scan/bandit.yml/age")]
    [InlineData(0, "failure", 0.0, "target_unhealthy scan/bandit.yml")]
    [InlineData(1, "timed_out", 0.0, "target_absent scan/bandit.yml/age, target_unhealthy scan/bandit.yml")]
    [InlineData(0, "skipped", null, "target_absent scan/bandit.yml")]
    public void A_scan_is_due_after_its_days_and_not_before(int seconds, string conclusion, double? success, string troubles)
    {
        var sight = new ReleaseSight();
        ReleaseScans.Judge(new() { Workflow = "bandit.yml" }, "main", new(30433642, conclusion, Now.AddDays(-7).AddSeconds(-seconds), "acme/chat", "schedule"), sight, Now);
        Assert.Equal(success, sight.Measures.SingleOrDefault(measure => measure.Metric == "release.scan.success")?.Value);
        Assert.Equal(troubles, string.Join(", ", sight.Troubles.Select(trouble => $"{trouble.Kind} {trouble.Subject}")));
        Assert.Equal(7, Assert.Single(sight.Measures, measure => measure.Metric == "release.scan.age.days").Value, 3);
    }

    [Theory]
    [Capability("R-032")]
    [InlineData(0, null)]
    [InlineData(1, "release_not_running")]
    public void What_is_released_may_wait_for_its_hours_and_no_longer(int seconds, string? kind)
    {
        var sight = new ReleaseSight();
        // Merged just now: an older commit is missing.
        var release = new Release("main", new(Sha, Now.AddDays(-9)), new(12, Now, "main", Sha));
        ReleaseDeployment.Judge(new(2, 0, new(Sha, Now.AddDays(-9))), Now.AddHours(-2).AddSeconds(-seconds), "a1b2c3d", new() { Name = "chat", Repository = "acme/chat", DeployHours = 2 }, release, sight, Now);
        Assert.Equal(kind, sight.Troubles.SingleOrDefault()?.Kind);
    }

    [Theory]
    [InlineData("acme/chat", "schedule", true)]
    [InlineData("Acme/Chat", "workflow_dispatch", true)]
    [InlineData("acme/chat", "pull_request", false)]
    [InlineData("acme/chat", "pull_request_target", false)]
    [InlineData("stranger/chat", "pull_request", false)]
    [InlineData("stranger/chat", "schedule", false)]
    [InlineData(null, "schedule", false)]
    public void A_run_counts_when_its_commit_is_of_the_repository_and_no_pull_request_began_it(string? repository, string trigger, bool counts) =>
        Assert.Equal(counts, new ReleaseScans.Run(1, "success", Now, repository, trigger).IsOf("acme/chat"));

    [Fact]
    public void No_body_makes_a_reader_throw_and_none_of_another_shape_is_read() => Gen.OneOf(Gen.Const("[]"), Gen.Const("[1]"), Gen.Const("[{}]"), Gen.Const("null"), Gen.String.Select(text => JsonSerializer.Serialize(new { commit = text, sha = text, check_runs = text, workflow_runs = new[] { text }, ahead_by = text }))).Sample(text =>
    {
        using var json = JsonDocument.Parse(text);
        var body = json.RootElement;
        Assert.True(BranchHead.Read(body) is null && (ReleaseChecks.ReadAll(body) is null || text == "[]") && ReleaseScans.ReadAll(body) is null && ReleaseDeployment.Comparison.Read(body) is null && TaktChatVersion.Commit(body) is null);
        Assert.Equal(text == "[]", PullRequest.ReadAll(body) is not null && ReleaseApproval.ReadAll(body) is not null && ReleaseChangelog.ReadAll(body) is not null);
    });

    private static HttpResponseHeaders Headers(params (string Name, string? Value)[] headers)
    {
        using var response = new HttpResponseMessage();
        foreach (var (name, value) in headers)
            if (value is not null) response.Headers.TryAddWithoutValidation(name, value);
        return response.Headers;
    }
}
