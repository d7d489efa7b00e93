using WhatsOps.Simulator.Instances;

namespace WhatsOps.Simulator.Http;

/// <summary>The gateway's guards, in its order: existence first, then the key. So 404 and 403 say nothing about the key.</summary>
internal sealed class Guard(Gateway gateway)
{
    /// <summary>Null when the call may pass.</summary>
    public Answer? Check(GatewayRequest request, out Instance? instance)
    {
        instance = gateway.Instances.Find(request.PathName);
        if (request.PathName is { } name && instance is null) return Answer.NoInstance(name);
        if (request.Route == "/instance/create" && CreateRoute.NameRefusal(gateway, request) is { } refusal)
            return refusal;
        return MayPass(request, instance) ? null : Answer.Unauthorized();
    }

    private bool MayPass(GatewayRequest request, Instance? instance)
    {
        if (request.ApiKey is not { } key) return false;
        if (key == gateway.ApiKey) return true;
        if (instance is not null) return instance.Token == key;
        if (request.Route != "/instance/fetchinstances") return false;
        // An instance token sees its own rows only; asking for another's name is refused.
        var name = request.Query("instanceName");
        var id = request.Query("instanceId");
        return gateway.Instances.All.Any(row => row.Token == key && (name is null || row.Name == name) && (id is null || row.Id == id));
    }
}
