namespace WhatsOps.Fleet;

/// <summary>A machine as it is seen from here: ports that must be closed, and ports that must be open .</summary>
public sealed record HostTarget : WatchTarget
{
    /// <summary>Name or address.</summary>
    public required string Host { get; init; }

    /// <summary>One that takes a connection is a finding, e.g. 5432, 6379, 15672, 2375.</summary>
    public IReadOnlyList<int> Closed { get; init; } = [];

    public IReadOnlyList<int> Open { get; init; } = [];

    /// <summary>Port of its SSH server, which should take keys only: once a day it is asked which ways to log in it offers, and whenever no other port answers or refuses whether the machine lives. Null: it is not asked.</summary>
    public int? Ssh { get; init; }
}
