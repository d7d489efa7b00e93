using System.Text.Json.Nodes;

namespace WhatsOps.Cli.Api;

/// <summary>A sweep that began after it was asked for. One that is under way is given to whoever asks meanwhile, and may have looked before what the asker did.</summary>
internal static class Sweeps
{
    /// <param name="api">Of a host on this machine: both have one clock.</param>
    public static async Task RunAsync(ApiClient api, CancellationToken cancellation)
    {
        var asked = DateTimeOffset.UtcNow;
        JsonNode report;
        do report = await api.PostAsync<JsonNode>("api/sweeps", null, cancellation);
        while (report["systems"]!.AsArray().Any(system => system!["startedAt"]!.GetValue<DateTimeOffset>() < asked));
    }
}
