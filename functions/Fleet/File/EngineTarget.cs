namespace WhatsOps.Fleet;

/// <summary>A container engine: what its images, containers, volumes and build cache take of the disk, and the memory of its machine .</summary>
public sealed record EngineTarget : WatchTarget
{
    // The engine walks through every volume to know its size.
    public EngineTarget() => EverySeconds = 3600;

    /// <summary>As <see cref="ContainerReference.Engine"/>.</summary>
    public string Engine { get; init; } = ContainerReference.DefaultEngine;

    /// <summary>Exact names of volumes that must be there, e.g. <c>backend-public</c>.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];
}
