using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WhatsOps.Gateways;

/// <inheritdoc cref="IGatewayTransport"/>
/// <remarks>
/// The gateway is not trusted: answers are capped and timed, redirects are not followed (Evolution's own webhooks lose events that way), the key travels in a header only.
/// </remarks>
internal sealed class GatewayTransport(IHttpClientFactory clients, TimeProvider time, GatewayDialect dialect, string url, string key) : IGatewayTransport
{
    public const string ClientName = "whatsops-gateways";

    // What is null must be absent: Evolution validates what is there.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    // Keys from files and secret stores often end in a line break, which no header may carry.
    private readonly string _key = key.Trim();
    private readonly string _base = url.TrimEnd('/');

    public async Task<GatewayAnswer<T>> SendAsync<T>(GatewayRequest call, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(call.Timeout, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            using var request = Request(call);
            using var client = clients.CreateClient(ClientName);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            return await ReadAsync(response, call, read, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Trouble<T>($"no answer within {call.Timeout.TotalSeconds:0} s");
        }
        catch (HttpRequestException problem)
        {
            return Trouble<T>(GatewayErrors.From(problem));
        }
        // HttpIOException is one: a body that broke off.
        catch (IOException)
        {
            return Trouble<T>("the connection broke before the answer was complete");
        }
        catch (InvalidDataException problem)
        {
            return Trouble<T>(problem.Message);
        }
        catch (FormatException)
        {
            return Trouble<T>("the key holds characters that no header can carry");
        }
    }

    private async Task<GatewayAnswer<T>> ReadAsync<T>(
        HttpResponseMessage response, GatewayRequest call, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        if (status is >= 300 and < 400)
            return new(status, default, null, $"redirects (HTTP {status}) to {Target(response.Headers.Location)}; the url in the fleet file is not the gateway's own");
        await using var body = new CappedStream(await response.Content.ReadAsStreamAsync(cancellation), call.MaxBytes);
        if (status is >= 200 and < 300 || status == dialect.AlsoReads)
        {
            try
            {
                return new(status, await read(body, cancellation), null, null, response.Headers.Date);
            }
            catch (DisguisedErrorException disguised)
            {
                return new(status, default, GatewayErrors.Safe(disguised.Message, _key), null);
            }
            // InvalidOperationException: a text that is no Unicode (a lone surrogate).
            catch (Exception problem) when (problem is JsonException or InvalidOperationException)
            {
                return new(status, default, null, $"HTTP {status}, but the body is not what {dialect.Product} answers (wrong or cut-off JSON)");
            }
        }

        return new(status, default, GatewayErrors.Safe(await ErrorAsync(body, cancellation), _key), null);
    }

    private async Task<string> ErrorAsync(Stream body, CancellationToken cancellation)
    {
        try
        {
            using var json = await JsonDocument.ParseAsync(body, default, cancellation);
            return dialect.Error(json.RootElement);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // An HTML page of a proxy says nothing that the status does not.
            return "";
        }
    }

    private HttpRequestMessage Request(GatewayRequest call)
    {
        // Without canonicalization a name of dots stays what it is: DELETE /instance/delete/.. must not become DELETE /instance/.
        var request = new HttpRequestMessage(call.Method, new Uri(_base + call.Path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (call.WithKey) request.Headers.Add(dialect.KeyHeader, dialect.KeyScheme + _key);
        if (call.Body is not null) request.Content = JsonContent.Create(call.Body, call.Body.GetType(), options: Json);
        return request;
    }

    // Its user, path and query may carry what opens it.
    private static string Target(Uri? location) => location switch
    {
        null => "nowhere",
        { IsAbsoluteUri: true } => location.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped),
        _ => "another path",
    };

    private static GatewayAnswer<T> Trouble<T>(string trouble) => new(null, default, null, trouble);
}
