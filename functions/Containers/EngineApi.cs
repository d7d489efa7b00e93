using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace WhatsOps.Containers;

/// <summary>Answers of an engine that its client library reads by the newest version of the API only: older engines and podman say the same in other members.</summary>
public sealed class EngineApi : IDisposable
{
    private const int MostBytes = 16 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, HttpMessageInvoker> _clients = new(StringComparer.Ordinal);

    /// <summary>The JSON at a path of the API, e.g. <c>/info</c>.</summary>
    /// <exception cref="ContainerException">The engine does not answer, or says no.</exception>
    public async Task<JsonDocument> GetAsync(string engine, string path, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Place(engine), path));
            using var answer = await _clients.GetOrAdd(engine, Client).SendAsync(request, cancellation);
            if (!answer.IsSuccessStatusCode)
                throw new ContainerException($"The engine at {engine} answers {(int)answer.StatusCode} to {path.Split('?')[0]}.", isRefused: answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden);
            await answer.Content.LoadIntoBufferAsync(MostBytes, cancellation);
            return JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
        }
        catch (Exception problem) when (problem.GetBaseException() is SocketException { SocketErrorCode: SocketError.AccessDenied })
        {
            throw ContainerHost.NoRight(engine);
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException)
        {
            throw ContainerHost.NoAnswer(engine);
        }
        catch (JsonException)
        {
            throw ContainerHost.NoEngine(engine);
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values) client.Dispose();
    }

    private static HttpMessageInvoker Client(string engine)
    {
        var address = new Uri(engine);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        if (address.Scheme == "unix") handler.ConnectCallback = (_, cancellation) => ConnectAsync(address.AbsolutePath, cancellation);
        return new(handler);
    }

    private static Uri Place(string engine) => new Uri(engine) switch
    {
        { Scheme: "unix" } => new("http://localhost"),
        { Scheme: "tcp" } tcp => new UriBuilder(tcp) { Scheme = "http" }.Uri,
        var address => address,
    };

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
