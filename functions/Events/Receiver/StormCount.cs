namespace WhatsOps.Events;

/// <summary>State events that were absorbed within a minute, and the last of them.</summary>
internal sealed record StormCount(StormPlace Place, DateTimeOffset Minute, long Count, DateTimeOffset LastAt, DateTimeOffset? LastGatewayTime);
