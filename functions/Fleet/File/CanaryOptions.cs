namespace WhatsOps.Fleet;

/// <summary>
/// The active canary: a suspected zombie is sent a text from its own number to its own number, and the webhook that tells of it is awaited. Only with
/// SEND_MESSAGE in the webhook's events can silence prove anything; without it only a refusal does.
/// </summary>
public sealed record CanaryOptions
{
    /// <summary>False: nothing is sent, the numbers below are kept.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What the line's owner finds in the chat with themselves.</summary>
    public string Text { get; init; } = "WhatsOps: connection test";

    /// <summary>How long the echo may take, from the gateway's answer.</summary>
    public int WaitSeconds { get; init; } = 60;

    /// <summary>Messages per hour in the whole system.</summary>
    public int PerHour { get; init; } = 6;

    /// <summary>Hours between two canaries of one instance; a session that was renewed after a verdict is tested at once.</summary>
    public int PerInstanceHours { get; init; } = 6;
}
