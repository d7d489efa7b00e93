using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace WhatsOps.Fleet;

/// <summary>The JSON body of a request, whatever its Content-Type says: curl -d sends JSON as a form, and an answer must not be lost for that.</summary>
internal static class JsonBody
{
    /// <returns>Null without a body.</returns>
    /// <exception cref="JsonException">It is not the JSON that is expected; answered as 400.</exception>
    public static async Task<T?> ReadAsync<T>(HttpRequest request, CancellationToken cancellation)
        where T : class
    {
        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync(cancellation);
        return string.IsNullOrWhiteSpace(text) ? null : JsonSerializer.Deserialize<T>(text, JsonSerializerOptions.Web);
    }
}
