using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using WhatsOps.Cli.Local;
using WhatsOps.Cli.Up;
using WhatsOps.Tests.Integration.Faults;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Hosts;

/// <summary>The real host on a fleet file with one system, and ana, who may do everything, at its API.</summary>
internal sealed class FleetHost : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("whatsops-fleet-").FullName;
    private readonly OperatorKey _ana = OperatorKey.Create();
    private readonly string _system;
    private HostProcess _host = null!;

    private FleetHost(string system, TestDatabase operations) => (_system, Operations) = (system, operations);

    public TestDatabase Operations { get; }

    public string Url => _host.Url;

    /// <summary>ana's key.</summary>
    public string Key => _ana.Key;

    /// <param name="system">Name of its system.</param>
    /// <param name="fleet">The fleet file without its operators, for a host at this address.</param>
    /// <param name="secrets">What the file's references stand for.</param>
    public static async Task<FleetHost> StartAsync(string system, Func<string, object> fleet, IReadOnlyDictionary<string, string> secrets)
    {
        var fleetHost = new FleetHost(system, await Databases.OperationsAsync());
        var (folder, ana, port) = (fleetHost._folder, fleetHost._ana, FreePort.Next());
        var file = System.Text.Json.JsonSerializer.SerializeToNode(fleet($"http://127.0.0.1:{port}"))!;
        file["operators"] = new JsonArray(new JsonObject { ["name"] = "ana", ["role"] = "approver", ["keyHash"] = ana.Hash });
        await File.WriteAllTextAsync(Path.Combine(folder, "fleet.json"), file.ToJsonString());
        PrivateFile.Write(Path.Combine(folder, "data-key"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        fleetHost._host = HostProcess.Start(new Dictionary<string, string>(secrets)
        {
            ["OperationsDatabase"] = fleetHost.Operations.ConnectionString, ["BlobStorage"] = (await TestServers.AzuriteAsync()).ConnectionString, ["BlobContainer"] = $"c{Guid.NewGuid():N}",
            ["DataKeyFile"] = Path.Combine(folder, "data-key"), ["FleetFile"] = Path.Combine(folder, "fleet.json"), ["RunbookTimeScale"] = "0.02",
        }, port: port);
        await fleetHost._host.UntilAnswersAsync();
        return fleetHost;
    }

    /// <summary>The open findings.</summary>
    public async Task<IEnumerable<JsonNode>> FindingsAsync()
    {
        var (status, body) = await SendAsync(HttpMethod.Get, "api/findings");
        Assert.Equal(200, status);
        return (body as JsonArray ?? body!["findings"]!.AsArray()).Select(one => one!);
    }

    /// <summary>The run as it ended.</summary>
    public async Task<JsonNode> RunAsync(string runbook, string tenant)
    {
        var (status, run) = await AskAsync(runbook, tenant);
        Assert.True(status == 202, $"{status}: {run}");
        return await EndOfAsync($"api/runbooks/{run!["id"]!.GetValue<Guid>()}");
    }

    public Task<(int Status, JsonNode? Body)> AskAsync(string runbook, string tenant, object? parameters = null) =>
        SendAsync(HttpMethod.Post, $"api/runbooks/{runbook}", new { system = _system, tenant, reason = "a test", parameters = parameters ?? new { } });

    public async Task<JsonNode> EndOfAsync(string path)
    {
        JsonNode? ended = null;
        await Waiting.UntilAsync(async () =>
        {
            (_, ended) = await SendAsync(HttpMethod.Get, path);
            return ended!["final"]!.GetValue<bool>();
        }, 60, "the run to end");
        return ended!;
    }

    public async Task<(int Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("x-whatsops-key", _ana.Key);
        using var response = await _host.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.StartsWith('{') || text.StartsWith('[') ? JsonNode.Parse(text) : null);
    }

    public async ValueTask DisposeAsync()
    {
        _host.Dispose();
        await Operations.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
