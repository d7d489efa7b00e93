using System.Net.Http.Json;
using System.Text.Json;
using WhatsOps.Simulator;

namespace WhatsOps.Tests.Integration.Simulator;

/// <summary>A plain client of one gateway, with its global key.</summary>
internal sealed class GatewayClient : IDisposable
{
    private readonly HttpClient http;

    public GatewayClient(EvolutionSimulator gateway, TimeSpan? timeout = null)
    {
        http = new HttpClient { BaseAddress = new Uri(gateway.Url), Timeout = timeout ?? TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Add("apikey", gateway.ApiKey);
    }

    public Task<(int Status, JsonElement Body)> Get(string path) => Send(HttpMethod.Get, path);

    public Task<(int Status, JsonElement Body)> Delete(string path) => Send(HttpMethod.Delete, path);

    public Task<(int Status, JsonElement Body)> Put(string path) => Send(HttpMethod.Put, path);

    public Task<(int Status, JsonElement Body)> Post(string path, object? body = null) => Send(HttpMethod.Post, path, body);

    public async Task<string> Text(string path) => await http.GetStringAsync(path);

    /// <summary>Creates an instance whose webhook takes every event.</summary>
    public async Task Create(string name, string hook, bool byEvents = false, object? headers = null, string? number = null, bool qrcode = false)
    {
        var (status, body) = await Post("/instance/create", new
        {
            instanceName = name,
            integration = "WHATSAPP-BAILEYS",
            number,
            qrcode,
            webhook = new { enabled = true, url = hook, byEvents, base64 = true, headers, events = Array.Empty<string>() }
        });
        Assert.True(status == 201, body.GetRawText());
    }

    public void Dispose() => http.Dispose();

    private async Task<(int Status, JsonElement Body)> Send(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var response = await http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }
}
