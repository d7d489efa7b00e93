using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>HTTP as the watch speaks it. A redirect is no answer: whoever is asked must say it himself. Bodies are bounded, and the words quote no address.</summary>
internal sealed class WatchHttp(IHttpClientFactory clients, IFleet fleet)
{
    private const int MostBytes = 4 * 1024 * 1024;
    private static readonly Dictionary<string, string> NoHeaders = [];

    /// <summary>The answer to a GET; statuses that say that there is nothing to read are refusals.</summary>
    /// <param name="address">May be a reference, as the values of <paramref name="headers"/>.</param>
    /// <param name="path">Put behind the address; empty: the address itself.</param>
    public async Task<HttpAnswer> GetAsync(string address, string path, IReadOnlyDictionary<string, string> headers, bool withBody, CancellationToken cancellation)
    {
        var answer = await SendAsync(HttpMethod.Get, address, path, headers, null, null, withBody, cancellation);
        return answer.Refusal is not null ? answer : (HttpStatusCode)answer.Status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => HttpAnswer.Refused(Reading.Unauthorized($"It answers {answer.Status}.")),
            HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.MethodNotAllowed => HttpAnswer.Refused(Reading.Absent($"It answers {answer.Status}: there is no such endpoint.")),
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => HttpAnswer.Refused(Reading.Unreachable($"It answers {answer.Status} and points elsewhere; write the address that answers itself.")),
            _ => answer,
        };
    }

    /// <summary>The answer to a GET, whatever its status: an API says the rest in its body.</summary>
    /// <param name="known">Of an answer that is at hand: if it still holds, this one is 304 and has no body. A server's own word, so it is never taken for a reference.</param>
    public Task<HttpAnswer> AskAsync(string address, string path, IReadOnlyDictionary<string, string> headers, EntityTagHeaderValue? known, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, address, path, headers, known, null, withBody: true, cancellation);

    /// <summary>The answer to a stranger, who sends no header of the fleet file.</summary>
    public Task<HttpAnswer> AsStrangerAsync(HttpMethod method, string address, string path, HttpContent? content, CancellationToken cancellation) =>
        SendAsync(method, address, path, NoHeaders, null, content, withBody: true, cancellation);

    // Whatever status comes; a refusal only where none does.
    private async Task<HttpAnswer> SendAsync(
        HttpMethod method, string address, string path, IReadOnlyDictionary<string, string> headers, EntityTagHeaderValue? known, HttpContent? content, bool withBody, CancellationToken cancellation)
    {
        var whole = path.Length == 0 ? fleet.Resolve(address) : fleet.Resolve(address).TrimEnd('/') + path;
        if (!Uri.TryCreate(whole, UriKind.Absolute, out var url)) return HttpAnswer.Refused(Reading.Unreachable("Its reference holds no address."));
        using var request = new HttpRequestMessage(method, url) { Content = content };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, fleet.Resolve(value));
        if (known is not null) request.Headers.IfNoneMatch.Add(known);
        try
        {
            using var client = clients.CreateClient(nameof(WatchHttp));
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return new((int)response.StatusCode, withBody ? await BodyAsync(response, cancellation) : [], null) { Headers = response.Headers };
        }
        catch (HttpRequestException problem)
        {
            return HttpAnswer.Refused(Reading.Unreachable(Words(problem)));
        }
        catch (InvalidDataException problem)
        {
            // Half a page of metrics would read like fewer requests, or fewer errors.
            return HttpAnswer.Refused(Reading.Unreachable($"What it sends cannot be read: {problem.Message}."));
        }
        catch (IOException)
        {
            return HttpAnswer.Refused(Reading.Unreachable("The answer broke off."));
        }
    }

    private static async Task<byte[]> BodyAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var stream = new CappedStream(await response.Content.ReadAsStreamAsync(cancellation), MostBytes);
        var body = new MemoryStream();
        await stream.CopyToAsync(body, cancellation);
        return body.ToArray();
    }

    // The library's own words may quote the address.
    private static string Words(HttpRequestException problem) => problem switch
    {
        { HttpRequestError: HttpRequestError.NameResolutionError } => "Its name does not resolve.",
        { HttpRequestError: HttpRequestError.SecureConnectionError } => "The TLS handshake failed.",
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } refused } => SocketWords.Of(refused),
        _ => $"The exchange failed ({problem.HttpRequestError}).",
    };
}
