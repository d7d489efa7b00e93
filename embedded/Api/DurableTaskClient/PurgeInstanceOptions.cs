namespace Microsoft.DurableTask.Client;

/// <summary>Whether the sub-orchestrations of a purged instance go with it.</summary>
public record PurgeInstanceOptions(bool Recursive = false);
