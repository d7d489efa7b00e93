using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using WhatsOps.Cli.Local;
using WhatsOps.Cli.Up;

namespace WhatsOps.Benchmarks.Start;

/// <summary>A migrated database with one tenant and its webhook secret, and the stopwatch around one start of the host.</summary>
internal sealed class StartTarget : IAsyncDisposable
{
    private const string Slug = "padaria";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly Dictionary<string, string> _settings;
    private readonly string _url;
    private string _secret = "";
    private int _sent;

    private StartTarget(string url, Dictionary<string, string> settings) => (_url, _settings) = (url, settings);

    public static async Task<StartTarget> PrepareAsync(BenchmarkServers servers, string published, CancellationToken cancellation)
    {
        var url = $"http://127.0.0.1:{FreePort.Next()}";
        var product = await servers.CreateDatabaseAsync(cancellation);
        await SimulatedProduct.CreateAsync(product, ["http://127.0.0.1:9", "http://127.0.0.1:9", "http://127.0.0.1:9"], url, cancellation);
        var (requester, approver) = (OperatorKey.Create(), OperatorKey.Create());
        var folder = Directory.CreateTempSubdirectory("whatsops-start-").FullName;
        var dataKey = Path.Combine(folder, "data-key");
        PrivateFile.Write(dataKey, Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));
        using var gateway = new SimulatedGateway("gateway-1", "http://127.0.0.1:9", UpKeys.Random());
        var target = new StartTarget(url, new Dictionary<string, string>
        {
            ["OperationsDatabase"] = await servers.CreateDatabaseAsync(cancellation),
            ["BlobStorage"] = (await servers.AzuriteAsync()).ConnectionString,
            ["DataKeyFile"] = dataKey,
            ["FleetFile"] = SimulatedFleetFile.Write(Path.Combine(folder, "fleet.json"), url, [gateway], others: null, requester, approver),
            [SimulatedFleetFile.DatabaseVariable] = product,
            [SimulatedFleetFile.KeyVariable(gateway.Name)] = gateway.ApiKey,
            ["EmbeddedHost__Urls"] = url,
            ["EmbeddedHost__MasterKey"] = UpKeys.Random(),
            ["EmbeddedHost__FunctionKey"] = UpKeys.Random(),
        });
        await target.MakeSecretAsync(published, approver.Key, cancellation);
        return target;
    }

    /// <summary>Seconds from the start of the process to the first 2xx of the receiver; the process is ended afterwards.</summary>
    public async Task<double> MeasureAsync(string published, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        await using var host = Start(published);
        await UntilAsync(host, SendWebhookAsync, cancellation);
        return clock.Elapsed.TotalSeconds;
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        Directory.Delete(Path.GetDirectoryName(_settings["DataKeyFile"])!, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task MakeSecretAsync(string published, string approverKey, CancellationToken cancellation)
    {
        await using var host = Start(published);
        await UntilAsync(host, async _ =>
        {
            using var ready = await _http.GetAsync($"{_url}/api/health/ready", cancellation);
            return ready.IsSuccessStatusCode;
        }, cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_url}/api/tenants/{SimulatedFleet.System}/{Slug}/webhook-secret/rotate");
        request.Headers.Add("x-whatsops-key", approverKey);
        using var response = await _http.SendAsync(request, cancellation);
        response.EnsureSuccessStatusCode();
        _secret = (await response.Content.ReadFromJsonAsync<JsonNode>(cancellation))!["secret"]!.GetValue<string>();
    }

    private async Task<bool> SendWebhookAsync(CancellationToken cancellation)
    {
        // A new message each time, as a duplicate would be acknowledged without being stored.
        var body = $$$"""{"event":"messages.upsert","instance":"{{{SimulatedFleet.InstancePrefix}}}{{{Slug}}}","data":{"key":{"id":"START{{{_sent++}}}"}},"date_time":"2026-01-01T00:00:00.000Z"}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_url}/api/whatsapp/webhook/{Slug}")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("x-whatsops-secret", _secret);
        using var response = await _http.SendAsync(request, cancellation);
        if (response.StatusCode == HttpStatusCode.Unauthorized) throw new InvalidOperationException("The receiver refused the tenant's own secret.");
        return response.IsSuccessStatusCode;
    }

    private ServiceProcess Start(string published) =>
        ServiceProcess.Start("bench-start", Path.Combine(published, "WhatsOps.Functions.dll"), [], _settings);

    private static async Task UntilAsync(ServiceProcess host, Func<CancellationToken, Task<bool>> ready, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                if (await ready(cancellation)) return;
            }
            catch (HttpRequestException)
            {
            }

            if (host.Process.HasExited || clock.Elapsed > Limit) throw new InvalidOperationException($"The host did not start; see {host.Log}.");
            await Task.Delay(5, cancellation);
        }
    }
}
