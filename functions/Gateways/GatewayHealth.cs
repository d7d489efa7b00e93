namespace WhatsOps.Gateways;

/// <summary>What a gateway says of itself. The key is proven by the list, not by this.</summary>
public sealed record GatewayHealth(string Version);
