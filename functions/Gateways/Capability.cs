namespace WhatsOps.Gateways;

/// <summary>One optional endpoint of a gateway.</summary>
/// <param name="Name">snake_case, e.g. <c>find_messages</c>.</param>
/// <param name="Outcome">Seen: it is there and answers us.</param>
public sealed record Capability(string Name, string Endpoint, Outcome Outcome, string? Detail);
