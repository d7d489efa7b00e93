using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>The management API of one broker, with Basic authentication, read only.</summary>
internal sealed class RabbitMqApi(HttpClient client, string url, string user, string password)
{
    private const int MostBytes = 4 * 1024 * 1024;

    /// <summary>The status and the object of an answer; no object where the body is none.</summary>
    /// <param name="path">Below <c>/api/</c>; names in it are escaped, so a <c>/</c> of a virtual host stays <c>%2F</c>.</param>
    /// <exception cref="HttpRequestException">No connection, or it broke.</exception>
    /// <exception cref="IOException">The answer broke off.</exception>
    /// <exception cref="InvalidDataException">The answer is too long.</exception>
    public async Task<(HttpStatusCode Status, JsonElement? Body)> GetAsync(string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{url.TrimEnd('/')}/api/{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        await using var body = new CappedStream(await answer.Content.ReadAsStreamAsync(cancellation), MostBytes);
        try
        {
            using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellation);
            return (answer.StatusCode, document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null);
        }
        catch (JsonException)
        {
            return (answer.StatusCode, null);
        }
    }
}
