using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using WhatsOps.Cli.Local;
using WhatsOps.Cli.Up;
using WhatsOps.Simulator;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Hosts;

/// <summary>
/// Everything around real host processes: a simulated gateway, the product's tables, WhatsOps' own database, Azurite, a fleet file and its
/// operators. Any number of hosts may run on it. Every secret in it is random, and every answer that a host gave is kept.
/// </summary>
internal sealed class HostRig : IAsyncDisposable
{
    public const string System = "revalya";

    private readonly string _folder = Directory.CreateTempSubdirectory("whatsops-hosts-").FullName;
    private readonly List<HostProcess> _hosts = [];
    private readonly Dictionary<string, string> _settings;
    private readonly int _firstPort = FreePort.Next();

    private HostRig(EvolutionSimulator gateway, TestDatabase product, string operations, string blobs, HostRigOptions options)
    {
        (Gateway, Product, Blobs) = (gateway, product, blobs);
        Database = NpgsqlDataSource.Create(operations);
        DataKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        PrivateFile.Write(Path.Combine(_folder, "data-key"), DataKey);
        Fleet = Document(options);
        File.WriteAllText(Path.Combine(_folder, "fleet.json"), Fleet.ToJsonString());
        _settings = new()
        {
            ["OperationsDatabase"] = operations,
            ["BlobStorage"] = blobs,
            ["BlobContainer"] = Container,
            ["DataKeyFile"] = Path.Combine(_folder, "data-key"),
            ["FleetFile"] = Path.Combine(_folder, "fleet.json"),
            ["GATEWAY_KEY"] = gateway.ApiKey,
            ["PRODUCT_DATABASE"] = options.ProductLogin ?? product.ConnectionString,
            // Waits of a run fifty times shorter.
            ["RunbookTimeScale"] = "0.02",
        };
        foreach (var (name, value) in options.Settings) _settings[name] = value;
    }

    public EvolutionSimulator Gateway { get; }

    public TestDatabase Product { get; }

    public NpgsqlDataSource Database { get; }

    /// <summary>Connection string of the blobs' account; this rig's are in <see cref="Container"/>.</summary>
    public string Blobs { get; }

    public string Container { get; } = $"c{Guid.NewGuid():N}";

    public string DataKey { get; }

    public OperatorKey Vera { get; } = OperatorKey.Create();

    public OperatorKey Ana { get; } = OperatorKey.Create();

    public OperatorKey Bia { get; } = OperatorKey.Create();

    /// <summary>The fleet file.</summary>
    public JsonNode Fleet { get; }

    /// <summary>Every answer of <see cref="SendAsync"/>, headers and body, under what was asked.</summary>
    public ConcurrentQueue<(string Asked, string Answer)> Answers { get; } = new();

    public IReadOnlyList<HostProcess> Hosts => _hosts;

    /// <param name="operations">Connection string of WhatsOps' database, empty or migrated.</param>
    public static async Task<HostRig> CreateAsync(string operations, HostRigOptions? options = null)
    {
        options ??= new();
        var gateway = await EvolutionSimulator.StartAsync(new() { ApiKey = $"gateway-key-{Guid.NewGuid():N}", AutoScanAfter = options.ScanAfter });
        return new(gateway, options.Product ?? await Databases.RevalyaAsync(), operations, (await TestServers.AzuriteAsync()).ConnectionString, options);
    }

    /// <summary>One more host; the first one listens where the fleet file says that webhooks go.</summary>
    public async Task<HostProcess> StartHostAsync()
    {
        var host = HostProcess.Start(_settings, port: _hosts.Count == 0 ? _firstPort : null);
        _hosts.Add(host);
        await host.UntilAnswersAsync();
        return host;
    }

    /// <summary>A tenant with an instance in this state, as the product and the gateway know it.</summary>
    public async Task SeedAsync(string slug, string state = "open", InstanceSeed? instance = null)
    {
        var seed = instance ?? new InstanceSeed { Name = $"revalya-{slug}", State = state, DisconnectionReasonCode = state == "close" ? 401 : null };
        await RevalyaTables.SeedAsync(
            Product.DataSource, slug,
            $$"""{"instance_name":"revalya-{{slug}}","api_url":"{{Gateway.Url}}","api_key":"{{seed.Token}}","phone":"{{seed.Owner}}","environment":"production"}""",
            webhookUrl: "http://127.0.0.1:9/product", connectionStatus: state == "open" ? "connected" : "disconnected");
        Gateway.Seed(seed);
    }

    /// <summary>Sends as an operator; the status and the JSON that came back, if it was JSON.</summary>
    public async Task<(int Status, JsonNode? Body)> SendAsync(HostProcess host, OperatorKey? by, HttpMethod method, string path, object? body = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body)) };
        if (by is not null) request.Headers.Add("x-whatsops-key", by.Key);
        if (accept is not null) request.Headers.Add("Accept", accept);
        using var response = await host.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Answers.Enqueue(($"{method} {path}", $"{(int)response.StatusCode} {response.Headers}{response.Content.Headers}\n{text}"));
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType == "application/json" && text.Length > 0 ? JsonNode.Parse(text) : null);
    }

    /// <summary>Runs a timer function now, as an operator of the host would.</summary>
    public static async Task InvokeAsync(HostProcess host, string timer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"admin/functions/{timer}") { Content = JsonContent.Create(new { }) };
        request.Headers.Add("x-functions-key", HostProcess.MasterKey);
        using var response = await host.Client.SendAsync(request);
        Assert.Equal(202, (int)response.StatusCode);
    }

    /// <summary>Ana asks for a reset and Bia approves it; its path.</summary>
    public async Task<string> ResetAsync(HostProcess host, string slug)
    {
        var (status, run) = await SendAsync(host, Ana, HttpMethod.Post, "api/runbooks/reset-integration", new { system = System, tenant = slug, reason = "a test" });
        Assert.True(status == 202, $"{status}: {run}");
        var path = $"api/runbooks/{run!["id"]!.GetValue<Guid>()}";
        (status, run) = await SendAsync(host, Bia, HttpMethod.Post, $"{path}/approve", new { planHash = run["planHash"]!.GetValue<string>() });
        Assert.True(status == 200, $"{status}: {run}");
        return path;
    }

    /// <summary>Waits until the run has ended; all of it.</summary>
    public async Task<JsonNode> EndOfAsync(HostProcess host, string path)
    {
        JsonNode? run = null;
        await Faults.Waiting.UntilAsync(async () =>
        {
            int status;
            (status, run) = await SendAsync(host, Vera, HttpMethod.Get, path);
            return status == 200 && run!["final"]!.GetValue<bool>();
        }, 90, $"{path} to end");
        return run!;
    }

    /// <summary>Calls that changed something about a tenant's instance, as <c>METHOD /path</c> without the name.</summary>
    public IReadOnlyList<string> Acts(string slug) =>
        [.. Gateway.Calls.Where(call => call.Instance == $"revalya-{slug}" && call.Acted).Select(call => $"{call.Method} {call.Path.Replace($"/revalya-{slug}", "", StringComparison.Ordinal)}")];

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts) host.Dispose();
        await Gateway.DisposeAsync();
        await Product.DisposeAsync();
        await Database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private JsonNode Document(HostRigOptions options) => JsonSerializer.SerializeToNode(new
    {
        systems = new[]
        {
            new
            {
                name = System, kind = "evolution", instancePrefix = "revalya-",
                gateways = new[] { new { name = "evo-1", url = Gateway.Url, apiKey = "${env:GATEWAY_KEY}" } },
                tenantDirectory = new { kind = "revalya", connectionString = "${env:PRODUCT_DATABASE}" },
                webhook = new { baseUrl = $"http://127.0.0.1:{_firstPort}", deliverTo = "none" },
                policies = options.Policies, actionsPerHour = options.ActionsPerHour,
            },
        },
        alerts = options.Alerts,
        operators = new[]
        {
            new { name = "vera", role = "viewer", keyHash = Vera.Hash }, new { name = "ana", role = "approver", keyHash = Ana.Hash }, new { name = "bia", role = "approver", keyHash = Bia.Hash },
        },
    })!;
}
