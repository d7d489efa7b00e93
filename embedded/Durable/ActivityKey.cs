namespace WhatsOps.Embedded.Durable;

/// <summary>One scheduled call.</summary>
internal readonly record struct ActivityKey(string InstanceId, int Generation, int Task);
