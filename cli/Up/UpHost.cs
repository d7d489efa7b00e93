using WhatsOps.Cli.Local;

namespace WhatsOps.Cli.Up;

/// <summary>The function app on the embedded host: a Release build, its settings by environment.</summary>
internal static class UpHost
{
    /// <summary>Starts the host and waits until it is ready, which includes the migration of its database.</summary>
    public static async Task StartAsync(
        UpServers servers, string url, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation, string? masterKey = null)
    {
        var environment = new Dictionary<string, string>(settings)
        {
            ["EmbeddedHost__Urls"] = url,
            ["EmbeddedHost__MasterKey"] = masterKey ?? UpKeys.Random(),
            ["EmbeddedHost__FunctionKey"] = UpKeys.Random(),
        };
        var host = servers.StartProgram("host", Repository.Binary("functions", "WhatsOps.Functions"), [], environment);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        await host.WaitUntilAsync(() => IsReadyAsync(http, url, cancellation), TimeSpan.FromSeconds(60), cancellation);
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, string url, CancellationToken cancellation)
    {
        try
        {
            using var response = await http.GetAsync($"{url}/api/health/ready", cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (Exception problem) when (problem is HttpRequestException || (problem is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }
}
