namespace WhatsOps.Gateways;

/// <summary>What the resilience pipelines need to know of one call: whether the gateway answered at all.</summary>
internal interface IGatewayAttempt
{
    bool IsSick { get; }
}

/// <summary>One call, mapped.</summary>
internal sealed record GatewayAttempt<T>(T Result, bool IsSick) : IGatewayAttempt;
