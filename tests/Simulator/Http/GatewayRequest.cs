using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace WhatsOps.Simulator.Http;

/// <summary>A call as the gateway's router sees it: the path undecoded, so that a name may hold an encoded slash.</summary>
internal sealed class GatewayRequest
{
    private readonly Dictionary<string, StringValues> query;

    public GatewayRequest(string method, string target, string? apiKey)
    {
        Method = method;
        Target = target;
        ApiKey = apiKey;
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        Path = mark < 0 ? target : target[..mark];
        query = QueryHelpers.ParseQuery(mark < 0 ? "" : target[mark..]);
        Segments = [.. Path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
    }

    public string Method { get; }

    /// <summary>Path and query, exactly as received.</summary>
    public string Target { get; }

    public string Path { get; }

    public IReadOnlyList<string> Segments { get; }

    public string? ApiKey { get; }

    public JsonElement Body { get; set; }

    /// <summary>Set by a fault: answer as if it had been done, and do nothing.</summary>
    public bool Pretend { get; set; }

    /// <summary>Whether the call has changed something.</summary>
    public bool Acted { get; private set; }

    /// <summary>"/instance/connect" of "/instance/connect/name", in lower case as Express matches.</summary>
    public string Route => string.Concat(Segments.Take(2).Select(part => "/" + part.ToLowerInvariant()));

    /// <summary>The instance of the path, or null.</summary>
    public string? PathName => Segments.Count == 3 ? Segments[2] : null;

    /// <summary>The instance that the call is about: of the path, else of the query, else of the body.</summary>
    public string? InstanceName => PathName ?? Query("instanceName") ?? Body.Text("instanceName");

    /// <summary>Asked by a route before it changes anything; false when it shall only pretend.</summary>
    public bool Act()
    {
        Acted = !Pretend;
        return Acted;
    }

    public string? Query(string name) => query.TryGetValue(name, out var value) && value.Count > 0 ? value[0] : null;
}
