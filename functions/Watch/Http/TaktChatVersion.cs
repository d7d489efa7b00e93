using System.Globalization;
using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>
/// TaktChat's <c>GET /version</c>: <c>{version, backend:{version, commit, buildDate}}</c>, or 503 <c>{"error":"DB_UNAVAILABLE"}</c> (R-016). The date of a build that does
/// not have one baked in is the moment of the question, and so no date.
/// </summary>
internal static class TaktChatVersion
{
    private static readonly TimeSpan NoDate = TimeSpan.FromMinutes(5);

    /// <summary>The commit it was built from, as much of its hash as it names; null: it names none.</summary>
    public static string? Commit(JsonElement body) => body.Text("backend", "commit") ?? body.Text("backend", "commitShort");

    public static Reading? Read(JsonElement body, DateTimeOffset now)
    {
        if (body.Text("error") == "DB_UNAVAILABLE")
            return Reading.Seen("It says DB_UNAVAILABLE.", [], new Trouble(TroubleKinds.Unhealthy, Severity.High, "TaktChat cannot tell its version: its database is away. When it is back, check sessions and queues: after a start without it they stay down until a restart."));
        if (body.Text("backend", "version") is not { } version) return null;
        var built = DateTimeOffset.TryParse(body.Text("backend", "buildDate"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) && now - date > NoDate ? date : (DateTimeOffset?)null;
        var words = string.Create(
            CultureInfo.InvariantCulture, $"Version {JsonReading.Plain(version)}, commit {JsonReading.Plain(body.Text("backend", "commit"))}, built {(built is { } known ? $"{known:yyyy-MM-dd HH:mm} UTC" : "at a time that the build does not have in it")}; frontend {JsonReading.Plain(body.Text("version"))}.");
        return Reading.Seen(words, built is { } at ? [new Measure("taktchat.build.age.days", (now - at).TotalDays)] : []);
    }
}
