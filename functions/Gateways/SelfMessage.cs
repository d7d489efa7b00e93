namespace WhatsOps.Gateways;

/// <summary>What became of a message of an instance to itself.</summary>
/// <param name="MessageId">The id that WhatsApp knows it by, which its webhooks tell; null unless accepted, and where the gateway did not say it.</param>
/// <param name="Detail">Why it is not accepted, fit for an operator's eyes: no key, no phone number.</param>
public sealed record SelfMessage(SelfMessageResult Result, string? MessageId, string? Detail);
