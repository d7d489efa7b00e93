namespace WhatsOps.Console;

/// <summary>Everything that happened to one tenant, newest first.</summary>
/// <param name="Summary">Where it stands now, in one line.</param>
public sealed record TenantTimeline(string System, string Tenant, string Summary, IReadOnlyList<TimelineEntry> Entries);
