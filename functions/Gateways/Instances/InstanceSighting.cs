namespace WhatsOps.Gateways;

/// <summary>One sighting of a state.</summary>
/// <param name="Source"><c>webhook</c>, <c>list</c> or <c>direct</c>.</param>
public sealed record InstanceSighting(
    string System, string Tenant, string? Gateway, string Instance, InstanceState State, DateTimeOffset At, string Source, int? Reason);
