namespace WhatsOps.Gateways;

/// <summary>
/// One WhatsApp gateway, whatever its family. Looking returns observations and never throws for a sick target; commands return the
/// gateway's answer. Names are exact. Every call is recorded (time, duration, outcome), without keys or bodies.
/// </summary>
public interface IGateway
{
    string System { get; }

    string Name { get; }

    Task<Observation<GatewayHealth>> ProbeAsync(CancellationToken cancellation);

    /// <summary>Every instance with one call. Unauthorized tells a bad key for certain; a 404 on one name would not.</summary>
    Task<Observation<IReadOnlyList<InstanceSnapshot>>> ListAsync(CancellationToken cancellation);

    /// <summary>The live state of one instance; Absent when the gateway does not know the name.</summary>
    Task<Observation<InstanceState>> StateAsync(string instance, CancellationToken cancellation);

    /// <summary>The instance's webhook; Absent when none is set.</summary>
    Task<Observation<WebhookSettings>> WebhookAsync(string instance, CancellationToken cancellation);

    /// <summary>A page of the messages that the gateway itself stored for an instance within a window, newest first.</summary>
    /// <param name="from">Inclusive, as <paramref name="to"/>; to the second.</param>
    /// <param name="page">From 1.</param>
    Task<Observation<StoredMessages>> MessagesAsync(string instance, DateTimeOffset from, DateTimeOffset to, int page, CancellationToken cancellation);

    /// <summary>A QR or pairing code for a person; starts connecting when closed.</summary>
    Task<Observation<PairingCode>> ConnectAsync(string instance, CancellationToken cancellation);

    /// <summary>
    /// The same with a pairing code to type besides the QR code. The phone's number (digits, country code first) counts only when the gateway
    /// starts connecting; one that shows codes already goes on without.
    /// </summary>
    Task<Observation<PairingCode>> ConnectAsync(string instance, string number, CancellationToken cancellation);

    Task<CommandAnswer> CreateAsync(NewInstance instance, CancellationToken cancellation);

    Task<CommandAnswer> SetWebhookAsync(string instance, WebhookSettings webhook, CancellationToken cancellation);

    Task<CommandAnswer> RestartAsync(string instance, CancellationToken cancellation);

    /// <summary>
    /// Sends a text from an instance to its own number, which the gateway is asked for and which does not leave this call: no caller can send to
    /// anybody else, or write the number down.
    /// </summary>
    Task<SelfMessage> SendToSelfAsync(string instance, string text, CancellationToken cancellation);

    /// <summary>Ends the pairing, keeps the instance.</summary>
    Task<CommandAnswer> LogoutAsync(string instance, CancellationToken cancellation);

    /// <summary>Asks for removal; Evolution removes later (up to 20 minutes): wait until state and list both lack the name.</summary>
    Task<CommandAnswer> DeleteAsync(string instance, CancellationToken cancellation);
}
