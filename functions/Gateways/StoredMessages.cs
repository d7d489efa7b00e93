namespace WhatsOps.Gateways;

/// <summary>One page of a gateway's stored messages, newest first.</summary>
/// <param name="Messages">Those of the page that lie in the window.</param>
/// <param name="IsLast">True when no further page has anything of the window.</param>
/// <param name="IsCut">True when the gateway holds more in the window than it can be asked for.</param>
public sealed record StoredMessages(IReadOnlyList<StoredMessage> Messages, bool IsLast, bool IsCut = false);
