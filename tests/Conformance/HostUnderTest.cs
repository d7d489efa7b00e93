using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using WhatsOps.Tests.Shared;

[assembly: AssemblyFixture(typeof(WhatsOps.Conformance.HostUnderTest))]

namespace WhatsOps.Conformance;

/// <summary>
/// The host that the suite talks to. CONFORMANCE_ADDRESS, CONFORMANCE_MASTER_KEY and CONFORMANCE_FUNCTION_KEY name one that is already
/// running tests/ConformanceApp (on Azure, with TickSchedule set); without them the embedded host is started as a process of its own.
/// </summary>
public sealed class HostUnderTest : IAsyncLifetime
{
    private HostProcess? process;
    private TestDatabase? database;

    public HttpClient Client { get; private set; } = null!;

    public string MasterKey { get; private set; } = HostProcess.MasterKey;

    public string FunctionKey { get; private set; } = HostProcess.FunctionKey;

    public async ValueTask InitializeAsync()
    {
        var address = Environment.GetEnvironmentVariable("CONFORMANCE_ADDRESS");
        if (address is null)
        {
            address = await StartEmbeddedAsync();
        }
        else
        {
            MasterKey = Environment.GetEnvironmentVariable("CONFORMANCE_MASTER_KEY")!;
            FunctionKey = Environment.GetEnvironmentVariable("CONFORMANCE_FUNCTION_KEY")!;
        }

        Client = new HttpClient { BaseAddress = new Uri(address.TrimEnd('/') + "/"), Timeout = TimeSpan.FromSeconds(30) };
        if (process is not null) await process.UntilAnswersAsync("api/Open");
        else await EventuallyAsync(AnswersAsync);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        process?.Dispose();
        if (database is not null)
            await database.DisposeAsync();
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key = null, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        if (key is not null)
            request.Headers.Add("x-functions-key", key);
        return await Client.SendAsync(request);
    }

    public async Task<int> CountAsync(string name) =>
        (await Client.GetFromJsonAsync<JsonElement>($"api/counts/{Uri.EscapeDataString(name)}")).GetProperty("count").GetInt32();

    /// <summary>Starts an orchestration and returns its id.</summary>
    public async Task<string> StartAsync(string orchestrator, object? input = null)
    {
        var id = $"{orchestrator}-{Guid.NewGuid():N}";
        var response = await SendAsync(HttpMethod.Post, $"api/orchestrations/{orchestrator}/{id}", FunctionKey, JsonSerializer.SerializeToElement(input));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return id;
    }

    public async Task CommandAsync(string id, string command, object? body = null)
    {
        var response = await SendAsync(HttpMethod.Post, $"api/orchestrations/{id}/commands/{command}", FunctionKey, body ?? "");
        Assert.True(response.IsSuccessStatusCode, $"{command}: {response.StatusCode}");
    }

    public async Task<JsonElement> StatusAsync(string id)
    {
        var response = await SendAsync(HttpMethod.Get, $"api/orchestrations/{id}", FunctionKey);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Waits until the orchestration has the status, then gives its whole state.</summary>
    public async Task<JsonElement> UntilAsync(string id, string status)
    {
        var state = default(JsonElement);
        await EventuallyAsync(async () => (state = await StatusAsync(id)).GetProperty("status").GetString() == status);
        return state;
    }

    public async Task<JsonElement> RunAsync(string orchestrator, object? input, string status = "Completed") =>
        await UntilAsync(await StartAsync(orchestrator, input), status);

    public static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await condition())
            await Task.Delay(50, deadline.Token);
    }

    // Somebody else starts that one, perhaps just now.
    private async Task<bool> AnswersAsync()
    {
        try
        {
            return (await Client.GetAsync("api/Open")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<string> StartEmbeddedAsync()
    {
        database = await TestDatabase.CreateAsync();
        process = HostProcess.Start(
            new Dictionary<string, string> { ["EmbeddedHost__Database"] = database.ConnectionString, ["TickSchedule"] = "0 0 0 1 1 *" }, HostProcess.ConformanceApp);
        return process.Url;
    }
}
