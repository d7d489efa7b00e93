using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using WhatsOps.Cli.Up;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Runbooks;

/// <summary>The real host process around a <see cref="ResetRig"/>, with three operators.</summary>
/// <param name="first">A host that runs on the same database already, whose operators are in force.</param>
internal sealed class RunbookHost(ResetRig rig, RunbookHost? first = null) : IDisposable
{
    private readonly string _fleetFile = Path.Combine(Path.GetTempPath(), $"whatsops-fleet-{Guid.NewGuid():N}.json");
    private HostProcess? _process;

    public OperatorKey Vera { get; } = first?.Vera ?? OperatorKey.Create();

    public OperatorKey Ana { get; } = first?.Ana ?? OperatorKey.Create();

    public OperatorKey Bia { get; } = first?.Bia ?? OperatorKey.Create();

    public HostProcess Process => _process ?? throw new InvalidOperationException("The host is not started.");

    /// <summary>Starts a host, or the next one after a death, and waits until it answers.</summary>
    /// <param name="crashAt">Where it shall die by itself; null nowhere.</param>
    public async Task StartAsync(string? crashAt = null, double timeScale = 0.02)
    {
        _process?.Dispose();
        var system = rig.Runs.Fleet.Document.Systems[0];
        await File.WriteAllTextAsync(_fleetFile, JsonSerializer.Serialize(new
        {
            systems = new[]
            {
                new
                {
                    name = system.Name, kind = system.Kind, instancePrefix = system.InstancePrefix,
                    gateways = new[] { new { name = "evo-1", url = rig.Gateway.Url, apiKey = "${env:EVO_KEY}" } },
                    tenantDirectory = new { kind = "revalya", connectionString = "${env:PRODUCT}" },
                    webhook = new { baseUrl = system.Webhook.BaseUrl, deliverTo = system.Webhook.DeliverTo },
                },
            },
            operators = new[]
            {
                new { name = "vera", role = "viewer", keyHash = Vera.Hash }, new { name = "ana", role = "approver", keyHash = Ana.Hash }, new { name = "bia", role = "approver", keyHash = Bia.Hash },
            },
        }));
        _process = HostProcess.Start(new Dictionary<string, string>
        {
            ["OperationsDatabase"] = rig.Runs.Database.ConnectionString,
            ["DataKeyFile"] = rig.Runs.KeyFile,
            ["FleetFile"] = _fleetFile,
            ["EVO_KEY"] = rig.Gateway.ApiKey,
            ["PRODUCT"] = rig.Product.ConnectionString,
            ["BlobStorage"] = (await TestServers.AzuriteAsync()).ConnectionString,
            ["RunbookTimeScale"] = timeScale.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["WHATSOPS_CRASH_AT"] = crashAt ?? "",
            // Dozens of deaths in a row: each next host need not wait ten seconds for the last one's orchestrations.
            ["EmbeddedHost__LeaseSeconds"] = "2",
        });
        await _process.UntilAnswersAsync();
        // Ready is not enough: the first start applies the fleet file, and with it the operators, in the background.
        await Until.TrueAsync(async () => (await SendAsync(Vera, HttpMethod.Get, "/api/runbooks")).Status == 200, 60, () => "the operators to be known");
    }

    /// <summary>Sends as an operator; the status and the JSON that came back.</summary>
    public async Task<(int Status, JsonNode? Body)> SendAsync(OperatorKey? by, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (by is not null) request.Headers.Add("x-whatsops-key", by.Key);
        using var response = await Process.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    /// <summary>Ana asks for a reset, Bia approves it; returns its id. The host may die of it.</summary>
    public async Task<Guid> ResetAsync(string slug)
    {
        var (status, run) = await SendAsync(Ana, HttpMethod.Post, "/api/runbooks/reset-integration", new { system = "revalya", tenant = slug, reason = "a test" });
        Assert.True(status == 202, $"{status}: {run}");
        var id = run!["id"]!.GetValue<Guid>();
        try
        {
            await SendAsync(Bia, HttpMethod.Post, $"/api/runbooks/{id}/approve", new { planHash = run["planHash"]!.GetValue<string>() });
        }
        catch (HttpRequestException)
        {
            // The run was so quick to its crash point that the answer died with the host; the approval is in its row.
        }

        return id;
    }

    public void Dispose()
    {
        _process?.Dispose();
        File.Delete(_fleetFile);
    }
}
