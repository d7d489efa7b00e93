namespace WhatsOps.Fleet;

/// <summary>A container of a Docker-compatible engine, by its exact name.</summary>
public sealed record ContainerReference
{
    /// <summary>Where Docker listens unless it is told otherwise.</summary>
    public const string DefaultEngine = "unix:///var/run/docker.sock";

    /// <summary>Name or id.</summary>
    public required string Container { get; init; }

    /// <summary><c>unix:///PATH</c>, or <c>http://</c>, <c>https://</c> or <c>tcp://</c> with host and port. An engine's door is root on its machine: never open it to a network.</summary>
    public string Engine { get; init; } = DefaultEngine;
}
