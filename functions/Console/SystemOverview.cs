namespace WhatsOps.Console;

/// <summary>One line of the fleet's overview; instances as last seen by sweeps and webhooks.</summary>
public sealed record SystemOverview(
    string Name, string Kind, IReadOnlyList<string> Gateways, bool Paused, long OpenFindings, long OpenRuns, long OpenInstances, long KnownInstances);
