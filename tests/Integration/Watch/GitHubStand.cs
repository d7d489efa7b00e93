using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>
/// What GitHub's REST API says of one repository, as its reference documents it (version 2022-11-28): shapes, pages, entity tags, limits, refusals. It begins with a sound release:
/// pull request 12, approved, with release notes and green checks, merged an hour ago.
/// </summary>
internal sealed class GitHubStand : IAsyncDisposable
{
    public const string Token = "ghp_planted_5b1f";
    public const string Head = "0e1f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b";
    public const string Oldest = "5c4b3a2918f7e6d5c4b3a2f1e0d9c8b7a6958473";
    public const string PullHead = "7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c5b4a";
    public const string Notes = "anexos/notas-de-versao.md";
    private const string Prefix = "/repos/acme/chat/";
    private static readonly (int Id, string Sha)[] Workflows = [(1, Head), (2, Head), (3, PullHead), (4, PullHead)];
    private readonly HttpStand http;

    private GitHubStand(HttpStand http)
    {
        this.http = http;
        http.Answer = AnswerAsync;
        Pulls = [Pull(12, "main", Now.AddHours(-1))];
        OldestPulls = [Pull(11, "main", Now.AddHours(-1))];
        Reviews = [Review(1, "COMMENTED"), Review(1, "APPROVED")];
        Files = [File("backend/src/app.ts"), File(Notes)];
        Checks = [Check("backend-tests"), Check("frontend-tests"), Check("backend-build"), Check("frontend-build")];
        Runs = new() { ["bandit.yml"] = [Run(6)] };
    }

    public DateTimeOffset Now { get; } = DateTimeOffset.UtcNow;

    public string Url => http.Url;

    public string? Branch { get; set; } = "main";

    public JsonArray Pulls { get; set; }

    public JsonArray Reviews { get; set; }

    public JsonArray Files { get; set; }

    public JsonArray Checks { get; set; }

    public Dictionary<string, JsonArray> Runs { get; }

    /// <summary>Of the oldest commit that another one lacks.</summary>
    public JsonArray OldestPulls { get; set; }

    /// <summary>Commits that the branch is ahead of and behind another one, by that one's hash.</summary>
    public Dictionary<string, (int Ahead, int Behind)> Compared { get; } = [];

    /// <summary>Answers instead of the API, by what a path ends with: status, body, headers.</summary>
    public Dictionary<string, (int Status, string Body, (string Name, string Value)[] Headers)> Instead { get; } = [];

    public int Remaining { get; set; } = 5000;

    public DateTimeOffset Reset { get; set; }

    /// <summary>Every request, by path and query below the repository.</summary>
    public List<string> Seen { get; } = [];

    /// <summary>Of those, the ones answered 304.</summary>
    public List<string> Unchanged { get; } = [];

    public static async Task<GitHubStand> StartAsync() => new(await HttpStand.StartAsync());

    public ReleaseTarget Target => new()
    {
        Name = "chat", Repository = "acme/chat", Token = "${env:GITHUB_TOKEN}", ApiUrl = Url, EverySeconds = 300, Changelog = Notes,
        Checks = ["backend-tests", "frontend-tests", "backend-build", "frontend-build"], Scans = [new() { Workflow = "bandit.yml" }],
    };

    /// <summary>A watched system with these targets, or the usual one.</summary>
    public async Task<WatchWorld> WorldAsync(params ReleaseTarget[] targets)
    {
        var world = await WatchWorld.StartAsync(new() { Releases = targets.Length == 0 ? [Target] : targets }, "taktchat");
        world.Settings["GITHUB_TOKEN"] = Token;
        return world;
    }

    public static JsonObject Pull(int number, string branch, DateTimeOffset? merged) => new()
    {
        ["number"] = number, ["state"] = merged is null ? "open" : "closed", ["merged_at"] = Time(merged), ["merge_commit_sha"] = Head,
        ["head"] = new JsonObject { ["ref"] = "feature", ["sha"] = PullHead }, ["base"] = new JsonObject { ["ref"] = branch },
    };

    public static JsonObject Review(int user, string state, string type = "User", string association = "MEMBER", DateTimeOffset? submitted = null) => new()
    {
        ["id"] = 80, ["user"] = new JsonObject { ["login"] = $"user{user}", ["id"] = user, ["type"] = type }, ["state"] = state, ["commit_id"] = PullHead,
        ["author_association"] = association, ["submitted_at"] = Time(submitted ?? DateTimeOffset.UtcNow.AddHours(-2)),
    };

    public static JsonObject File(string name, string status = "modified") => new() { ["sha"] = Head, ["filename"] = name, ["status"] = status, ["changes"] = 3, ["patch"] = "@@ -1 +1 @@" };

    public JsonObject Check(string name, string? conclusion = "success", string sha = Head, int minutes = 5) => new()
    {
        ["id"] = 4, ["head_sha"] = sha, ["status"] = conclusion is null ? "in_progress" : "completed", ["conclusion"] = conclusion, ["started_at"] = Time(Now.AddMinutes(-minutes)),
        ["name"] = name, ["app"] = new JsonObject { ["slug"] = "github-actions" },
    };

    public JsonObject Run(int days, string conclusion = "success", string branch = "main", string? repository = "acme/chat", string trigger = "schedule") => new()
    {
        ["id"] = 30433642, ["name"] = "Bandit", ["head_branch"] = branch, ["head_sha"] = Head, ["status"] = "completed", ["conclusion"] = conclusion, ["event"] = trigger,
        ["repository"] = new JsonObject { ["full_name"] = "acme/chat" }, ["head_repository"] = repository is null ? null : new JsonObject { ["full_name"] = repository },
        ["created_at"] = Time(Now.AddDays(-days)), ["run_started_at"] = Time(Now.AddDays(-days)),
    };

    public ValueTask DisposeAsync() => http.DisposeAsync();

    private static string? Time(DateTimeOffset? at) => at?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private Task AnswerAsync(HttpContext call)
    {
        var (request, response) = (call.Request, call.Response);
        var path = request.Path.Value!.StartsWith(Prefix, StringComparison.Ordinal) ? request.Path.Value[Prefix.Length..] : "";
        lock (Seen) Seen.Add(path + request.QueryString);
        if (Instead.Keys.FirstOrDefault(end => path.EndsWith(end, StringComparison.Ordinal)) is { } end)
        {
            foreach (var (name, value) in Instead[end].Headers) response.Headers[name] = value;
            return SayAsync(response, Instead[end].Status, Instead[end].Body);
        }

        if (request.Headers.UserAgent.Count == 0) return SayAsync(response, 403, Error("Request forbidden by administrative rules."));
        if (request.Headers["X-GitHub-Api-Version"] != "2022-11-28") return SayAsync(response, 400, Error("Not a supported version."));
        if (request.Headers.Authorization.Count > 0 && request.Headers.Authorization != $"Bearer {Token}") return SayAsync(response, 401, Error("Bad credentials"));
        response.Headers["x-ratelimit-reset"] = Reset.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var body = Body(path, request, response)?.ToJsonString();
        var tag = body is null ? "" : $"W/\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}\"";
        var isKnown = body is not null && request.Headers.IfNoneMatch == tag;
        // Of a stranger a 304 counts too.
        var isFree = isKnown && request.Headers.Authorization.Count > 0;
        if (!isFree && Remaining == 0)
        {
            response.Headers["x-ratelimit-remaining"] = "0";
            return SayAsync(response, 403, Error("API rate limit exceeded for user ID 1."));
        }

        if (!isFree) Remaining--;
        response.Headers["x-ratelimit-remaining"] = Remaining.ToString(CultureInfo.InvariantCulture);
        if (body is null) return SayAsync(response, 404, Error(path.StartsWith("branches/", StringComparison.Ordinal) && Branch is not null ? "Branch not found" : "Not Found"));
        response.Headers.ETag = tag;
        if (!isKnown) return SayAsync(response, 200, body);
        lock (Unchanged) Unchanged.Add(path + request.QueryString);
        response.StatusCode = 304;
        return Task.CompletedTask;
    }

    private JsonNode? Body(string path, HttpRequest request, HttpResponse response) => path.Split('/') switch
    {
        ["branches", var branch] when branch == Branch => new JsonObject
        {
            ["name"] = branch, ["commit"] = new JsonObject { ["sha"] = Head, ["commit"] = new JsonObject { ["committer"] = new JsonObject { ["date"] = Time(Now.AddHours(-1)) } } }, ["protected"] = true,
        },
        ["commits", Head, "pulls"] => Page(Pulls, request, response),
        ["commits", Oldest, "pulls"] => Page(OldestPulls, request, response),
        ["commits", Head] => new JsonObject { ["sha"] = Head, ["files"] = Page(Files, request, response) },
        ["commits", var sha, "check-runs"] => Counted("check_runs", [.. Checks.Where(run => (string)run!["head_sha"]! == sha).Select(run => run!.DeepClone())], request, response),
        ["pulls", "12", "reviews"] => Page(Reviews, request, response),
        ["pulls", "12", "files"] => Page(Files, request, response),
        ["actions", "workflows", var file, "runs"] when Runs.TryGetValue(file, out var runs) => Counted(
            "workflow_runs", [.. runs.Where(run => (string)run!["head_branch"]! == request.Query["branch"] && (string)run["status"]! == request.Query["status"]).Select(run => run!.DeepClone())], request, response),
        // Two workflows for each commit, which have every other of its checks as their jobs.
        ["actions", "runs"] => Counted("workflow_runs", [.. Workflows.Where(run => run.Sha == request.Query["head_sha"]).Select(run => new JsonObject { ["id"] = run.Id, ["head_sha"] = run.Sha, ["status"] = "completed" })], request, response),
        ["actions", "runs", var id, "jobs"] when Workflows.SingleOrDefault(run => $"{run.Id}" == id) is { Sha: { } sha } run => Counted(
            "jobs", [.. Checks.Where(check => (string)check!["head_sha"]! == sha).Where((_, index) => index % 2 == run.Id % 2).Select(check => check!.DeepClone())], request, response),
        ["compare", var range] when range.Split("...") is [var from, Head] && Compared.TryGetValue(from, out var by) => new JsonObject
        {
            ["status"] = by switch { (> 0, > 0) => "diverged", ( > 0, _) => "ahead", (_, > 0) => "behind", _ => "identical" },
            ["ahead_by"] = by.Ahead, ["behind_by"] = by.Behind, ["total_commits"] = by.Ahead,
            // In the order of time. Its own is that of the work, days before the merge.
            ["commits"] = by.Ahead == 0 ? [] : new JsonArray(new JsonObject { ["sha"] = Oldest, ["commit"] = new JsonObject { ["committer"] = new JsonObject { ["date"] = Time(Now.AddDays(-9)) } } }), ["files"] = new JsonArray(),
        },
        _ => null,
    };

    private static JsonObject Counted(string name, JsonArray all, HttpRequest request, HttpResponse response) => new() { ["total_count"] = all.Count, [name] = Page(all, request, response) };

    private static JsonArray Page(JsonArray all, HttpRequest request, HttpResponse response)
    {
        var size = Number(request, "per_page", 30);
        var page = Number(request, "page", 1);
        if (page * size < all.Count) response.Headers.Link = $"<https://api.github.com{request.Path}?page={page + 1}>; rel=\"next\", <https://api.github.com{request.Path}?page={(all.Count + size - 1) / size}>; rel=\"last\"";
        return [.. all.Skip((page - 1) * size).Take(size).Select(item => item!.DeepClone())];
    }

    private static int Number(HttpRequest request, string name, int usual) => request.Query[name] is [{ } text] ? int.Parse(text, CultureInfo.InvariantCulture) : usual;

    private static string Error(string message) => new JsonObject { ["message"] = message, ["documentation_url"] = "https://docs.github.com/rest" }.ToJsonString();

    private static Task SayAsync(HttpResponse response, int status, string body)
    {
        response.StatusCode = status;
        return response.WriteAsync(body);
    }
}
