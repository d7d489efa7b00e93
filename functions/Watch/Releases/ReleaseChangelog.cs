using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>Whether what a branch is at changes the file of release notes .</summary>
internal static class ReleaseChangelog
{
    // GitHub lists no more of a pull request or a commit.
    private const int MostFiles = 3000;

    public static async Task ReadAsync(GitHubApi api, string changelog, Release release, ReleaseSight sight, CancellationToken cancellation)
    {
        // Pages are small, since each file comes with its difference.
        var files = release.PullRequest is { } pull
            ? await api.ListAsync($"pulls/{pull.Number}/files?per_page=30", body => ReadAll(body), cancellation)
            : await api.ListAsync($"commits/{release.Head.Sha}?per_page=30", body => ReadAll(body.At("files")), cancellation);
        var what = release.PullRequest is { } known ? $"Pull request {known.Number}" : $"Commit {release.Commit}";
        if (files.Value is null)
        {
            sight.NotSeen("changelog", $"Whether {char.ToLowerInvariant(what[0])}{what[1..]} changes {changelog}", files.Words);
            return;
        }

        var isThere = files.Value.Contains(changelog);
        if (!isThere && files.Value.Count >= MostFiles)
        {
            sight.NotSeen("changelog", $"Whether {changelog} is changed", $"{what} changes more files than GitHub lists.");
            return;
        }

        sight.Measures.Add(new("release.changelog", isThere ? 1 : 0));
        if (!isThere)
            sight.Troubles.Add(new(TroubleKinds.ReleaseUnsound, Severity.Medium, $"{what} changes {files.Value.Count} files and not {changelog}: the release has no notes. Fix: write them, in a pull request of their own.") { Subject = "changelog" });
    }

    /// <summary>Paths of the files that are there afterwards.</summary>
    internal static IReadOnlyList<string>? ReadAll(JsonElement? files) =>
        GitHubReading.Items(files, one => one.Text("filename") is { } name && one.Text("status") is { } status ? status == "removed" ? "" : name : null);
}
