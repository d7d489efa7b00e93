using System.Buffers;
using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Instances;

/// <summary>GET /instance/fetchInstances: rows of the database, which may disagree with the memory.</summary>
internal sealed class FetchRoute(Gateway gateway)
{
    public Answer Handle(GatewayRequest request)
    {
        var rows = request.ApiKey == gateway.ApiKey
            ? gateway.Instances.All
            : [.. gateway.Instances.All.Where(instance => instance.Token == request.ApiKey)];
        if (Wanted(request) is { } wanted)
        {
            // A filter is answered from memory: a row that is not loaded is "not found" although it exists.
            rows = [.. rows.Where(wanted.Matches)];
            if (rows.Count == 0 || !rows[0].Loaded)
                return Answer.NotFound($"Instance \"{(rows.Count == 0 ? wanted.Text : rows[0].Name)}\" not found");
        }
        return gateway.Options.IsV1 ? V1.V1Shapes.Fetched(rows) : new Answer(200, Array(rows));
    }

    private static (Func<Instance, bool> Matches, string Text)? Wanted(GatewayRequest request)
    {
        if (request.Query("instanceId") is { Length: > 0 } id) return (instance => instance.Id == id, id);
        if (request.Query("number") is { Length: > 0 } number) return (instance => instance.Number == number, number);
        if (request.Query("instanceName") is { Length: > 0 } name) return (instance => instance.Name == name, name);
        return null;
    }

    private ReadOnlyMemory<byte> Array(IReadOnlyList<Instance> rows)
    {
        var json = new ArrayBufferWriter<byte>(rows.Count * 1024 + 2);
        json.Write("["u8);
        for (var i = 0; i < rows.Count; i++)
        {
            if (i > 0) json.Write(","u8);
            json.Write(rows[i].Row(gateway.Options.ClientName));
        }
        json.Write("]"u8);
        return json.WrittenMemory;
    }
}
