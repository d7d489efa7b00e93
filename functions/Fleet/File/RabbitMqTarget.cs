namespace WhatsOps.Fleet;

/// <summary>A RabbitMQ broker over its management API: alarms, depth and consumers of queues .</summary>
public sealed record RabbitMqTarget : WatchTarget
{
    /// <summary>The management API, e.g. <c>http://rabbitmq:15672</c>.</summary>
    public required string Url { get; init; }

    public required string User { get; init; }

    /// <summary>A reference. The user needs the tag <c>monitoring</c> and, for <see cref="Queues"/>, a right to read in <see cref="VirtualHost"/>.</summary>
    public required string Password { get; init; }

    /// <summary>True: once a day it is tried whether guest/guest is let in. For brokers of one's own only.</summary>
    public bool TryDefaultLogin { get; init; }

    public string VirtualHost { get; init; } = "/";

    /// <summary>Exact names. A queue that is not declared is a finding, since the manuals' alert on its depth could never fire .</summary>
    public IReadOnlyList<string> Queues { get; init; } = [];
}
