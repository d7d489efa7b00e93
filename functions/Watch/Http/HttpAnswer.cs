using System.Net.Http.Headers;

namespace WhatsOps.Watch;

/// <summary>What an HTTP target answered.</summary>
/// <param name="Refusal">Why there is nothing to read: nobody answered, the credential is refused, there is no such endpoint. Null: status and body are the target's own.</param>
internal sealed record HttpAnswer(int Status, byte[] Body, Reading? Refusal)
{
    /// <summary>Null: nobody answered.</summary>
    public HttpResponseHeaders? Headers { get; init; }

    public static HttpAnswer Refused(Reading refusal) => new(0, [], refusal);
}
