using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace WhatsOps.Cli.Up;

/// <summary>The same events delivered twice and one with a wrong secret, as gateways and strangers do: what the receiver makes of them.</summary>
internal sealed class FirstRepeats(string url, string secret, Progress progress)
{
    public const string Slug = "padaria";
    private const int Events = 50;

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(20) };
        var answers = await Task.WhenAll(Enumerable.Range(0, Events * 2).Select(number => SendAsync(http, number % Events, secret, cancellation)));
        var stored = answers.Count(answer => answer == "stored");
        var duplicates = answers.Count(answer => answer == "duplicate");
        var stranger = await SendAsync(http, Events, UpKeys.Random(), cancellation);
        progress.Say($"{Events} events delivered twice each: {stored} stored, {duplicates} known already; one with a wrong secret: {stranger}");
        if (stored != Events || duplicates != Events || stranger != "refused")
            throw new CliProblem($"{Events} events delivered twice gave {stored} stored and {duplicates} duplicates, a wrong secret {stranger}.", "look at the host's log");
    }

    private async Task<string> SendAsync(HttpClient http, int number, string proof, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["event"] = "messages.upsert",
            ["instance"] = SimulatedFleet.InstancePrefix + Slug,
            ["data"] = new JsonObject { ["key"] = new JsonObject { ["id"] = $"REPEAT{number}" }, ["message"] = new JsonObject { ["conversation"] = "Bom dia" } },
            ["date_time"] = "2026-01-01T00:00:00.000Z",
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{url}/api/whatsapp/webhook/{Slug}")
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("x-whatsops-secret", proof);
        using var response = await http.SendAsync(request, cancellation);
        return (await response.Content.ReadFromJsonAsync<JsonNode>(cancellation))?["status"]?.GetValue<string>() ?? $"{(int)response.StatusCode}";
    }
}
