using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using WhatsOps.Simulator;

namespace WhatsOps.Tests.Integration.Simulator;

/// <summary>Sends recorded requests to a simulator and collects where its answers differ from the recorded ones.</summary>
internal sealed class Replay(EvolutionSimulator gateway, WebhookReceiver hooks) : IDisposable
{
    // Addresses of the recording rig.
    private const string RecordedGateway = "http://127.0.0.1:58080";
    private const string RecordedHooks = "http://127.0.0.1:58090";

    private readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionLifetime = Timeout.InfiniteTimeSpan });

    public EvolutionSimulator Gateway => gateway;

    public string HooksUrl => hooks.Url;

    public List<string> Differences { get; } = [];

    public async Task Send(Recording recording)
    {
        var (status, body) = await Ask(recording);
        Judge(recording, status, body);
    }

    /// <summary>Two requests at the same time; the answers may come in either order.</summary>
    public async Task SendAtOnce(Recording first, Recording second)
    {
        var answers = await Task.WhenAll(Ask(first), Ask(second));
        foreach (var recording in new[] { first, second })
        {
            var (status, body) = answers.FirstOrDefault(answer => answer.Status == recording.Status);
            Judge(recording, status, body);
        }
    }

    /// <summary>A connect that was not recorded.</summary>
    public Task Connect(string name) => Ask(new Recording("000", "GET", "/instance/connect/" + name, gateway.ApiKey, null, 200, default));

    public void Dispose() => http.Dispose();

    private async Task<(int Status, string Body)> Ask(Recording recording)
    {
        using var request = new HttpRequestMessage(new HttpMethod(recording.Method), gateway.Url + recording.Path);
        if (recording.Key is { } key) request.Headers.Add("apikey", key);
        if (recording.Body is { } body)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.Replace(RecordedHooks, hooks.Url, StringComparison.Ordinal)));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        using var response = await http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private void Judge(Recording recording, int status, string body)
    {
        if (status != recording.Status) Differences.Add($"{recording.Id}: {recording.Status} was recorded, {status} came: {body}");
        if (status == 0) return;
        using var expected = JsonDocument.Parse(recording.Answer.GetRawText()
            .Replace(RecordedGateway, gateway.Url, StringComparison.Ordinal).Replace(RecordedHooks, hooks.Url, StringComparison.Ordinal));
        using var actual = JsonDocument.Parse(body);
        Differences.AddRange(Likeness.Differences(expected.RootElement, actual.RootElement).Select(difference => $"{recording.Id} {difference}"));
    }
}
