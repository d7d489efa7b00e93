using System.Net;
using System.Net.Sockets;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>Asks HTTP endpoints, and reads their answers by the shape that the fleet file names. A redirect is no answer: whoever is asked must say it himself.</summary>
internal sealed class HttpProbe(IHttpClientFactory clients, IFleet fleet) : IProbe
{
    private const int MostBytes = 4 * 1024 * 1024;

    public IEnumerable<Look> LooksAt(FleetSystem system) => (system.Watch?.Http ?? []).Select(target =>
        new Look("http/" + target.Name, TimeSpan.FromSeconds(target.EverySeconds), TimeSpan.FromSeconds(target.TimeoutSeconds), token => ReadAsync(target, token)));

    private async Task<Reading> ReadAsync(HttpTarget target, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(fleet.Resolve(target.Url), UriKind.Absolute, out var url)) return Reading.Unreachable("Its reference holds no address.");
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        foreach (var (name, value) in target.Headers) request.Headers.TryAddWithoutValidation(name, fleet.Resolve(value));
        try
        {
            using var client = clients.CreateClient(nameof(HttpProbe));
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            var status = (int)response.StatusCode;
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) return Reading.Unauthorized($"It answers {status}.");
            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.MethodNotAllowed) return Reading.Absent($"It answers {status}: there is no such endpoint.");
            if (status is >= 300 and < 400) return Reading.Unreachable($"It answers {status} and points elsewhere; write the address that answers itself.");
            if (target.Shape == HttpShape.Status) return status < 300 ? Reading.Seen($"It answers {status}.", []) : Reading.Unreachable($"It answers {status}.");
            return HttpShapes.Read(target, status, await BodyAsync(response, cancellation));
        }
        catch (HttpRequestException problem)
        {
            return Reading.Unreachable(Words(problem));
        }
        catch (InvalidDataException problem)
        {
            // Half a page of metrics would read like fewer requests, or fewer errors.
            return Reading.Unreachable($"What it sends cannot be read: {problem.Message}.");
        }
        catch (IOException)
        {
            return Reading.Unreachable("The answer broke off.");
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
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "The connection is refused: nothing listens there.",
        _ => $"The exchange failed ({problem.HttpRequestError}).",
    };
}
