namespace WhatsOps.Embedded.Functions;

/// <summary>What starts an activity: the orchestration that asked for it and the serialized input.</summary>
internal sealed record ActivityCall(string InstanceId, string? Input);
