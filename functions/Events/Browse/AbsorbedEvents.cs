namespace WhatsOps.Events;

/// <summary>State events of one gateway that the storm guard counted instead of storing.</summary>
/// <param name="Gateway">Empty: not known.</param>
public sealed record AbsorbedEvents(string Gateway, long Count, IReadOnlyList<string> Instances);
