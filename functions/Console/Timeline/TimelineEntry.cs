namespace WhatsOps.Console;

/// <summary>One thing that happened to a tenant.</summary>
/// <param name="What"><c>state</c>, <c>finding</c>, <c>call</c>, <c>delivery</c>, <c>event</c>, <c>run</c> or <c>audit</c>.</param>
/// <param name="Detail">One line for a person; phone numbers masked.</param>
public sealed record TimelineEntry(DateTimeOffset At, string What, string Detail);
