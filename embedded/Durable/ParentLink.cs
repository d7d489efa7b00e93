namespace WhatsOps.Embedded.Durable;

/// <summary>Which call of which run waits for a sub-orchestration.</summary>
internal sealed record ParentLink(string InstanceId, string Name, int Generation, int Task);
