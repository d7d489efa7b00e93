namespace WhatsOps.Simulator;

/// <summary>The truth about an instance, as no route tells it.</summary>
/// <param name="Name">Exact name.</param>
/// <param name="Id">UUID; another one after a re-creation.</param>
/// <param name="State">open, connecting or close, in memory.</param>
/// <param name="ConnectionStatus">What fetchInstances tells.</param>
/// <param name="Loaded">False for a row that is not in memory.</param>
/// <param name="Paired">Whether the session is still valid.</param>
/// <param name="Zombie">Open, but dead.</param>
/// <param name="ShowsQr">Whether a phone could scan now.</param>
/// <param name="QrCount">Codes shown since the last limit or restart of the gateway.</param>
/// <param name="WebhookUrl">The stored webhook address, if any.</param>
/// <param name="WebhookEnabled">Whether the webhook is in use.</param>
public sealed record InstanceView(
    string Name, string Id, string State, string ConnectionStatus, bool Loaded, bool Paired, bool Zombie, bool ShowsQr, int QrCount,
    string? WebhookUrl, bool WebhookEnabled)
{
    internal static InstanceView Of(Instances.Instance instance)
    {
        lock (instance)
            return new InstanceView(
                instance.Name, instance.Id, instance.State, instance.ConnectionStatus, instance.Loaded, instance.Paired, instance.Zombie,
                instance is { State: Simulator.Instances.InstanceState.Connecting, Qr: not null, Paired: false },
                instance.QrCount, instance.Webhook?.Url, instance.Webhook?.Enabled == true);
    }
}
