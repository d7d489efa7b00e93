using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Instances;

/// <summary>connectionState, connect, restart, logout and delete of one instance.</summary>
internal sealed class InstanceRoutes(Gateway gateway)
{
    private static readonly TimeSpan ConnectWait = TimeSpan.FromSeconds(2);

    public static Answer State(Instance instance) => Answer.Ok(instance.Loaded
        ? new { instance = new { instanceName = instance.Name, state = instance.State } }
        // A row that is not loaded has no state at all.
        : new { instance = new { instanceName = instance.Name } });

    public async Task<Answer> Connect(GatewayRequest request, Instance instance)
    {
        if (!instance.Loaded) return Answer.ErrorInside200();
        switch (instance.State)
        {
            case InstanceState.Open:
                return State(instance);
            case InstanceState.Connecting:
                return Answer.Ok(QrCode.Answer(instance.Qr));
            default:
                if (request.Act()) gateway.Connections.Start(instance, request.Query("number"));
                await gateway.Clock.Delay(ConnectWait, CancellationToken.None);
                return Answer.Ok(QrCode.Answer(instance.State == InstanceState.Connecting ? instance.Qr : null));
        }
    }

    public Answer Restart(GatewayRequest request, Instance instance)
    {
        if (!instance.Loaded || instance.State == InstanceState.Close) return Answer.ErrorInside200();
        // Answered from what is known before the socket has noticed: an open instance is still open, a code is the old one.
        var answer = instance.State == InstanceState.Open ? State(instance) : Answer.Ok(QrCode.Answer(instance.Qr));
        if (!instance.Zombie && request.Act()) gateway.Connections.Restart(instance);
        return answer;
    }

    public Answer Logout(GatewayRequest request, Instance instance)
    {
        if (instance.Loaded && instance.State == InstanceState.Close) return NotConnected(instance);
        if (instance is { Loaded: true, Zombie: false } && request.Act())
            gateway.Connections.Close(instance, 401, Disconnection.LoggedOut(instance.Name, gateway.Clock.Now));
        return Answer.Success("Instance logged out");
    }

    public Answer Delete(GatewayRequest request, Instance instance)
    {
        // A zombie answers success, too, and stays until the gateway is restarted.
        if (!instance.Zombie && request.Act()) gateway.Remover.Begin(instance);
        return Answer.Success("Instance deleted");
    }

    private static Answer NotConnected(Instance instance) => Answer.BadRequest($"The \"{instance.Name}\" instance is not connected");
}
