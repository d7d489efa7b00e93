namespace WhatsOps.Gateways;

/// <summary>What a gateway says of itself. The key is proven by the list, not by this.</summary>
/// <param name="Version">Evolution's bare number; other families with their name in front.</param>
/// <param name="ClockSkew">The gateway's clock minus ours, to the second, from the Date header; null when it sent none.</param>
public sealed record GatewayHealth(string Version, TimeSpan? ClockSkew = null);
