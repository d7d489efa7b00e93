using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>What bodies of GitHub's API have in common.</summary>
internal static partial class GitHubReading
{
    /// <summary>The items of an array; null: it is none, or one of its items is not what it should be.</summary>
    public static IReadOnlyList<T>? Items<T>(JsonElement? array, Func<JsonElement, T?> read)
        where T : class
    {
        if (array is not { ValueKind: JsonValueKind.Array } items) return null;
        T[] all = [.. items.EnumerateArray().Select(read).OfType<T>()];
        return all.Length == items.GetArrayLength() ? all : null;
    }

    /// <summary>A time such as <c>2026-03-01T12:00:00Z</c>; null: there is none.</summary>
    public static DateTimeOffset? Time(this JsonElement json, params ReadOnlySpan<string> path) =>
        DateTimeOffset.TryParse(json.Text(path), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUniversalTime() : null;

    /// <summary>A whole hash of a commit, which goes into addresses; null: it is none.</summary>
    public static string? Commit(this JsonElement json, params ReadOnlySpan<string> path) => json.Text(path) is { } text && Hash().IsMatch(text) ? text : null;

    [GeneratedRegex("^(?:[0-9a-f]{40}|[0-9a-f]{64})$", RegexOptions.CultureInvariant)]
    private static partial Regex Hash();
}
