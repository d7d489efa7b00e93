using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using WhatsOps.Cli.Local;

namespace WhatsOps.Cli.Up;

/// <summary>One simulated Evolution gateway: a process of its own, its gateway API, and its control API under /__sim.</summary>
internal sealed class SimulatedGateway(string name, string url, string apiKey) : IDisposable
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    // What the fleet file wants where it does not say: another list is drift, and none at all is every event.
    public static IReadOnlyList<string> Events { get; } =
        ["CONNECTION_UPDATE", "QRCODE_UPDATED", "STATUS_INSTANCE", "LOGOUT_INSTANCE", "REMOVE_INSTANCE", "INSTANCE_CREATE", "INSTANCE_DELETE", "MESSAGES_UPSERT"];

    private readonly HttpClient _http = new() { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(20) };

    public string Name => name;

    public string Url => url;

    /// <summary>Starts the process with the instances of its tenants and waits until it answers.</summary>
    public static async Task<SimulatedGateway> StartAsync(UpServers servers, string name, IEnumerable<SimulatedTenant> tenants, CancellationToken cancellation)
    {
        var gateway = new SimulatedGateway(name, $"http://127.0.0.1:{FreePort.Next()}", UpKeys.Random());
        var seed = Path.Combine(Repository.LocalFolder, "up", $"{name}.json");
        PrivateFile.Write(seed, JsonSerializer.Serialize(new
        {
            instances = tenants.Where(tenant => tenant.HasInstance).Select(Instance),
            // A removal long enough to be seen: the real one waits for webhooks, up to 20 minutes.
            removalTime = TimeSpan.FromSeconds(2),
            connectTime = TimeSpan.FromSeconds(1),
        }, Web));
        var process = servers.StartProgram(name, Repository.Binary("tests/Simulator", "WhatsOps.Simulator"),
            ["--urls", gateway.Url, "--seed-file", seed], new Dictionary<string, string> { ["SIMULATOR_API_KEY"] = gateway._apiKey });
        await process.WaitUntilAsync(() => gateway.AnswersAsync(cancellation), TimeSpan.FromSeconds(30), cancellation);
        return gateway;
    }

    private readonly string _apiKey = apiKey;

    /// <summary>The global key of the gateway, which the host gets by reference.</summary>
    public string ApiKey => _apiKey;

    /// <summary>What an operator does once per tenant: point the instance's webhook at WhatsOps, with the tenant's secret in a header.</summary>
    public async Task SetWebhookAsync(string instance, string receiver, string secret, CancellationToken cancellation)
    {
        var body = new
        {
            webhook = new
            {
                enabled = true, url = receiver, byEvents = false, base64 = false, events = Events,
                headers = new Dictionary<string, string> { ["x-whatsops-secret"] = secret },
            },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"webhook/set/{instance}") { Content = JsonContent.Create(body, options: Web) };
        request.Headers.Add("apikey", _apiKey);
        using var response = await _http.SendAsync(request, cancellation);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>A POST to the control API.</summary>
    public async Task ControlAsync(string path, object? body, CancellationToken cancellation)
    {
        using var response = await _http.PostAsJsonAsync($"__sim/{path}", body ?? new { }, Web, cancellation);
        if (!response.IsSuccessStatusCode)
            throw new CliProblem($"The simulated {name} refused {path}: {await response.Content.ReadAsStringAsync(cancellation)}");
    }

    /// <summary>Restarts the gateway's process and waits until every paired instance is open again.</summary>
    public async Task RestartAsync(CancellationToken cancellation)
    {
        await ControlAsync("restart", null, cancellation);
        for (var look = 0; look < 300; look++)
        {
            var instances = (await ReadAsync("instances", cancellation)).AsArray();
            if (instances.All(instance => instance!["loaded"]!.GetValue<bool>() && (!instance["paired"]!.GetValue<bool>() || instance["state"]!.GetValue<string>() == "open"))) return;
            await Task.Delay(100, cancellation);
        }

        throw new CliProblem($"The instances of the simulated {name} are not open 30 seconds after its restart.");
    }

    public async Task ClearFaultsAsync(CancellationToken cancellation)
    {
        using var response = await _http.DeleteAsync("__sim/faults", cancellation);
        response.EnsureSuccessStatusCode();
    }

    public async Task<JsonNode> ReadAsync(string path, CancellationToken cancellation) =>
        await _http.GetFromJsonAsync<JsonNode>($"__sim/{path}", Web, cancellation) ?? throw new CliProblem($"The simulated {name} answered {path} with null.");

    public void Dispose() => _http.Dispose();

    private static object Instance(SimulatedTenant tenant) => new
    {
        name = tenant.Instance,
        state = tenant.Condition switch
        {
            Condition.LoggedOut => "close",
            Condition.Connecting or Condition.ListLies => "connecting",
            _ => "open",
        },
        connectionStatus = tenant.Condition == Condition.ListLies ? "open" : null,
        paired = tenant.Condition is not (Condition.LoggedOut or Condition.Connecting),
        loaded = tenant.Condition != Condition.NotLoaded,
        disconnectionReasonCode = tenant.Condition == Condition.LoggedOut ? 401 : (int?)null,
        disconnectionAt = tenant.Condition == Condition.LoggedOut ? DateTimeOffset.UtcNow.AddHours(-2) : (DateTimeOffset?)null,
    };

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            using var response = await _http.GetAsync("__sim/status", cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (Exception problem) when (problem is (HttpRequestException or TaskCanceledException) && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
