namespace WhatsOps.Embedded.Durable;

/// <summary>What is asked of an instance: EventRaised, Suspended, Resumed or Terminated.</summary>
internal sealed record DurableCommand(EventKind Kind, string InstanceId, string? Name, string? Payload);
