namespace WhatsOps.Gateways;

/// <summary>The answer to one command, with the gateway's own words made safe to show.</summary>
public sealed record CommandAnswer(GatewayResult Result, string? Detail)
{
    public bool IsAccepted => Result is GatewayResult.Done or GatewayResult.AlreadySo;
}
