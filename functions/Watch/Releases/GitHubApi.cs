using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>
/// One repository over GitHub's REST API, read only: one request after another, and with the entity tag of what is known, so that with a token what has not changed costs nothing
/// of the limit (without one a 304 counts too). What it answers is distilled at once; of bodies nothing is kept.
/// </summary>
internal sealed class GitHubApi(WatchHttp http, ReleaseTarget target, GitHubMemory memory, GitHubPause pause, TimeProvider time)
{
    private const int MostPages = 100;

    private readonly Dictionary<string, string> _headers = Headers(target);

    /// <summary>Requests left of the limit when one was last counted; null: it was not told.</summary>
    public int? Remaining { get; private set; }

    /// <param name="path">Below the repository; names in it are escaped.</param>
    /// <param name="read">Null for a body of another shape.</param>
    /// <exception cref="GitHubLimitException">Nothing may be asked for a while.</exception>
    public async Task<GitHubAnswer<T>> GetAsync<T>(string path, Func<JsonElement, T?> read, CancellationToken cancellation)
        where T : class
    {
        if (pause.Until is var resumes && time.GetUtcNow() < resumes) throw new GitHubLimitException(resumes);
        var (tag, known) = memory.Find<T>(path);
        var answer = await http.AskAsync(target.ApiUrl, $"/repos/{target.Repository}/{path}", _headers, tag, cancellation);
        if (answer.Refusal is { } refusal) return new(null, 0, refusal.Words);
        Remaining = GitHubLimit.Number(answer.Headers, "x-ratelimit-remaining") ?? Remaining;
        if (answer.Status == 304 && known is not null)
        {
            memory.Keep(path, tag, known);
            return known;
        }

        if (answer.Status != 200) return Refused<T>(answer);
        if (Parsed(answer.Body, read) is not { } value) return new(null, 200, "What answers 200 there is not GitHub's API.");
        var fresh = new GitHubAnswer<T>(value, 200, "") { HasMore = answer.Headers!.TryGetValues("Link", out var links) && links.Any(link => link.Contains("rel=\"next\"", StringComparison.Ordinal)) };
        memory.Keep(path, answer.Headers.ETag, fresh);
        return fresh;
    }

    /// <summary>A list, page by page.</summary>
    /// <param name="path">With a query.</param>
    public async Task<GitHubAnswer<IReadOnlyList<T>>> ListAsync<T>(string path, Func<JsonElement, IReadOnlyList<T>?> read, CancellationToken cancellation)
    {
        var all = new List<T>();
        for (var page = 1; page <= MostPages; page++)
        {
            var answer = await GetAsync($"{path}&page={page}", read, cancellation);
            if (answer.Value is null) return answer;
            all.AddRange(answer.Value);
            if (!answer.HasMore) return answer with { Value = all };
        }

        return new(null, 413, $"GitHub lists more than {MostPages} pages of it.");
    }

    private static Dictionary<string, string> Headers(ReleaseTarget target)
    {
        var headers = new Dictionary<string, string> { ["Accept"] = "application/vnd.github+json", ["User-Agent"] = "WhatsOps", ["X-GitHub-Api-Version"] = "2022-11-28" };
        if (target.Token is { } token) headers["Authorization"] = $"Bearer {token}";
        return headers;
    }

    private GitHubAnswer<T> Refused<T>(HttpAnswer answer)
        where T : class
    {
        var message = Parsed(answer.Body, body => body.Text("message")) ?? "";
        if (GitHubLimit.Of(answer.Status, answer.Headers, message, time.GetUtcNow()) is { } until)
        {
            pause.Until = until;
            throw new GitHubLimitException(until);
        }

        var wants = answer.Headers!.TryGetValues("X-Accepted-GitHub-Permissions", out var rights) ? $" It wants {JsonReading.Plain(rights.First().Replace('=', ' '))}." : "";
        var words = answer.Status switch
        {
            401 => "GitHub refuses the token.",
            403 when target.Token is null => $"GitHub refuses strangers.{wants} Fix: give the target a token.",
            403 => $"GitHub refuses: the token lacks a right.{wants}",
            404 => $"GitHub has no such thing, or does not show it {(target.Token is null ? "to strangers" : "to this token")}.",
            301 or 302 or 307 or 308 => "GitHub points elsewhere: the repository was renamed or moved.",
            _ => $"GitHub answers {answer.Status}.",
        };
        return new(null, answer.Status, words) { Message = message };
    }

    private static T? Parsed<T>(byte[] body, Func<JsonElement, T?> read)
        where T : class
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return read(json.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
