using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Instances;

/// <summary>POST /message/sendText: what it answers depends on what the connection has been through.</summary>
internal sealed class MessageRoutes(Gateway gateway)
{
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(60);

    public async Task<Answer> SendText(GatewayRequest request, Instance instance)
    {
        string[] missing = [.. new[] { "number", "text" }.Where(name => request.Body.Member(name) is null)
            .Select(name => $"instance requires property \"{name}\"")];
        if (missing.Length > 0) return Answer.Invalid(missing);
        if (!instance.Loaded || !instance.HasClient) return Answer.Failed("Cannot read properties of undefined (reading 'onWhatsApp')");
        if (instance.State == InstanceState.Close) return Answer.Failed("Connection Closed");
        if (instance.State == InstanceState.Connecting)
        {
            if (!instance.Paired) return Answer.BadRequest("TypeError: Cannot read properties of undefined (reading 'id')");
            await gateway.Clock.Delay(SendTimeout, CancellationToken.None);
            return Answer.BadRequest("Error: Connection Closed");
        }
        var number = request.Body.Text("number") ?? "";
        var message = Messages.Sent(gateway, instance, number.Contains('@') ? number : number + "@s.whatsapp.net", request.Body.Text("text") ?? "");
        if (request.Act())
        {
            lock (instance)
            {
                instance.MessageCount++;
                instance.Touch(gateway.Clock.Now);
            }
            _ = gateway.Webhooks.Emit(instance, "send.message", message);
        }
        return Answer.Created(message);
    }
}
