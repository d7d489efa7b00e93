namespace WhatsOps.Gateways.Evolution;

/// <summary>A list of instances and the dialect it was written in; null for an empty one, which could be either.</summary>
internal sealed record EvolutionList(IReadOnlyList<InstanceSnapshot> Instances, EvolutionVersion? Version);
