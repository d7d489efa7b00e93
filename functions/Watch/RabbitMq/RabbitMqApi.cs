using System.Text;
using System.Text.Json;

namespace WhatsOps.Watch;

/// <summary>The management API of one broker, with Basic authentication, read only.</summary>
/// <param name="url">May be a reference.</param>
internal sealed class RabbitMqApi(WatchHttp http, string url, string user, string password)
{
    private readonly Dictionary<string, string> _headers = new() { ["Authorization"] = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}" };

    /// <param name="path">Below <c>/api/</c>; names in it are escaped, so a <c>/</c> of a virtual host stays <c>%2F</c>.</param>
    public async Task<RabbitMqAnswer> GetAsync(string path, CancellationToken cancellation)
    {
        var answer = await http.AskAsync(url, $"/api/{path}", _headers, null, cancellation);
        return new(answer.Status, Object(answer.Body), answer.Refusal);
    }

    private static JsonElement? Object(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
