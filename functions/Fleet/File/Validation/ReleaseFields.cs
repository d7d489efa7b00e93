using System.Globalization;
using System.Text.RegularExpressions;

namespace WhatsOps.Fleet;

/// <summary>Rules of <c>systems[].watch.releases</c>.</summary>
internal static partial class ReleaseFields
{
    private const int Gentlest = 300;

    // A look is some eight requests, which all count without a token, and an address has 60 an hour.
    private const int GentlestStranger = 1800, RequestsOfLook = 8, StrangersRequests = 60;

    /// <summary>Targets without a token share the requests of one address, whatever system they are of.</summary>
    public static void CheckStrangers(FleetDocument document, FleetProblems problems)
    {
        var asked = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        for (var system = 0; system < document.Systems.Count; system++)
        {
            var targets = document.Systems[system].Watch?.Releases ?? [];
            for (var index = 0; index < targets.Count; index++)
            {
                if (targets[index] is not { Token: null, EverySeconds: >= GentlestStranger } target) continue;
                var api = target.ApiUrl.TrimEnd('/');
                var perHour = asked[api] = asked.GetValueOrDefault(api) + (RequestsOfLook * 3600d / target.EverySeconds);
                if (perHour > StrangersRequests)
                    problems.Add($"$.systems[{system}].watch.releases[{index}]", string.Create(CultureInfo.InvariantCulture, $"brings the targets without a token to {perHour:0} requests an hour; GitHub gives {StrangersRequests} to an address"), "give some of them a token, or a longer everySeconds");
            }
        }
    }

    public static void Check(ReleaseTarget target, WatchOptions watch, string at, FleetProblems problems)
    {
        if (!Repository().IsMatch(target.Repository)) problems.Add($"{at}.repository", "is no repository of GitHub", "write owner/name, without an address and without .git");
        if (!Branch().IsMatch(target.Branch)) problems.Add($"{at}.branch", "is no name of a branch", "write it as git branch does, like main");
        FleetRules.Url(target.ApiUrl, $"{at}.apiUrl", problems, "or leave it out for github.com");
        if (target.Token is { } token) FleetRules.Secret(token, $"{at}.token", "${env:GITHUB_TOKEN}", problems);
        var least = target.Token is null ? GentlestStranger : Gentlest;
        if (target.EverySeconds < least) problems.Add($"{at}.everySeconds", "is too often for GitHub", $"write {least} or more{(target.Token is null ? ", or give it a token" : "")}");
        FleetRules.Range(target.DeployHours, 1, 8760, $"{at}.deployHours", problems);
        if (target.Changelog is { } changelog && !Changelog().IsMatch(changelog)) problems.Add($"{at}.changelog", "is no path in a repository", "write it from the repository's root, without a / before it: docs/changelog.md");
        if (target.Version is { } version && !watch.Http.Any(http => http.Name == version && http.Shape == HttpShape.TaktChatVersion))
            problems.Add($"{at}.version", "names no target of watch.http with shape taktchat_version", "watch the product's /version there, and write its name here");
        for (var index = 0; index < target.Checks.Count; index++)
            if (string.IsNullOrWhiteSpace(target.Checks[index])) problems.Add($"{at}.checks[{index}]", "is empty", "write the check's name as GitHub shows it");
        FleetRules.Unique(target.Scans, scan => scan.Workflow, $"{at}.scans", "workflow", problems);
        for (var index = 0; index < target.Scans.Count; index++) Scan(target.Scans[index], $"{at}.scans[{index}]", problems);
    }

    private static void Scan(ReleaseScan scan, string at, FleetProblems problems)
    {
        if (!Workflow().IsMatch(scan.Workflow)) problems.Add($"{at}.workflow", "is no file of a workflow", "write the name of the file in .github/workflows, like bandit.yml");
        FleetRules.Range(scan.EveryDays, 1, 365, $"{at}.everyDays", problems);
        if (scan.Branch is { } branch && !Branch().IsMatch(branch)) problems.Add($"{at}.branch", "is no name of a branch", "write it as git branch does, or leave it out for the target's");
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9-]*/(?!\.{1,2}$)[A-Za-z0-9._-]+(?<!\.git)$", RegexOptions.CultureInvariant)]
    private static partial Regex Repository();

    [GeneratedRegex(@"^(?!.*\.\.)[^\s~^:?*\[\\/.-][^\s~^:?*\[\\]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Branch();

    [GeneratedRegex(@"^(?!/).*\S", RegexOptions.CultureInvariant)]
    private static partial Regex Changelog();

    [GeneratedRegex(@"^[A-Za-z0-9._-]+\.ya?ml$", RegexOptions.CultureInvariant)]
    private static partial Regex Workflow();
}
