using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WhatsOps.Cli.Api;

/// <summary>A thin client of the HTTP API. Whatever is not a success becomes a <see cref="CliProblem"/> with the API's own sentence and fix.</summary>
internal sealed class ApiClient : IDisposable
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _http;

    public ApiClient(string url, string? key)
    {
        Url = url.TrimEnd('/');
        // The slowest answer is a sweep of a fleet with hanging gateways, which has its own deadline of 120 s.
        _http = new HttpClient { BaseAddress = new Uri(Url + "/"), Timeout = TimeSpan.FromSeconds(150) };
        if (key is not null) _http.DefaultRequestHeaders.Add("x-whatsops-key", key);
    }

    public string Url { get; }

    public Task<T> GetAsync<T>(string path, CancellationToken cancellation) => SendAsync<T>(HttpMethod.Get, path, null, cancellation);

    public Task<T> PostAsync<T>(string path, object? body, CancellationToken cancellation) =>
        SendAsync<T>(HttpMethod.Post, path, JsonContent.Create(body ?? new { }, options: Web), cancellation);

    /// <summary>A list, whether the route answers it bare or as the array member of an object (beside a paging mark).</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(HttpMethod method, string path, CancellationToken cancellation)
    {
        var answer = await SendAsync<JsonNode>(method, path, method == HttpMethod.Get ? null : JsonContent.Create(new { }), cancellation);
        var array = answer as JsonArray ?? (answer as JsonObject)?.Select(member => member.Value).OfType<JsonArray>().FirstOrDefault();
        return array?.Deserialize<List<T>>(Web) ?? throw new CliProblem($"{Url} answered {path} without a list.", "is it WhatsOps, of this version?");
    }

    /// <summary>Something that is not JSON, asked for as plain text.</summary>
    public async Task<string> GetTextAsync(string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/plain");
        return await SendAsync(request, static text => text, cancellation);
    }

    /// <summary>A file, as it is.</summary>
    public async Task<byte[]> GetBytesAsync(string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendBytesAsync(request, static bytes => bytes, cancellation);
    }

    /// <summary>Sends JSON text as it is: a fleet file with a mistake must reach the API to be explained.</summary>
    public Task<JsonNode> SendTextAsync(HttpMethod method, string path, string json, CancellationToken cancellation) =>
        SendAsync<JsonNode>(method, path, new StringContent(json, Encoding.UTF8, "application/json"), cancellation);

    public void Dispose() => _http.Dispose();

    private async Task<T> SendAsync<T>(HttpMethod method, string path, HttpContent? content, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        return await SendAsync(request, text => JsonSerializer.Deserialize<T>(text.Length == 0 ? "{}" : text, Web)
            ?? throw new CliProblem($"{Url} answered {method} {path} with null."), cancellation);
    }

    private Task<T> SendAsync<T>(HttpRequestMessage request, Func<string, T> read, CancellationToken cancellation) =>
        SendBytesAsync(request, bytes => read(Encoding.UTF8.GetString(bytes)), cancellation);

    private async Task<T> SendBytesAsync<T>(HttpRequestMessage request, Func<byte[], T> read, CancellationToken cancellation)
    {
        var (method, path) = (request.Method, request.RequestUri);
        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            var body = await response.Content.ReadAsByteArrayAsync(cancellation);
            return response.IsSuccessStatusCode ? read(body) : throw Problem(response, Encoding.UTF8.GetString(body));
        }
        catch (HttpRequestException problem)
        {
            throw new CliProblem($"WhatsOps is not reachable at {Url}: {problem.Message}",
                "start it with ./whatsops up, or say where it is with --url (or WHATSOPS_URL)");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CliProblem($"{Url} did not answer {method} {path} within {_http.Timeout.TotalSeconds:0} seconds.", "look at the host's log");
        }
        catch (JsonException problem)
        {
            throw new CliProblem($"{Url} answered {method} {path} with something else than expected: {problem.Message}", "is it WhatsOps, of this version?");
        }
    }

    private CliProblem Problem(HttpResponseMessage response, string text)
    {
        var problem = Parse(text);
        var sentence = problem?.Error ?? $"{Url} answered {(int)response.StatusCode} {response.ReasonPhrase}.";
        if (problem?.Field is { Length: > 0 } field) sentence = $"{field}: {sentence}";
        var fix = problem?.Fix ?? response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => "give an operator's key with --key (or WHATSOPS_KEY)",
            HttpStatusCode.Forbidden => "ask somebody with a higher role",
            HttpStatusCode.ServiceUnavailable => "wait for the database, then try again",
            _ => null,
        };
        return new CliProblem(sentence, fix, response.StatusCode);
    }

    private static ApiProblem? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<ApiProblem>(text, Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
