using System.Text.Json.Nodes;

namespace WhatsOps.Routines;

/// <summary>One finished run of a routine, as it is kept.</summary>
/// <param name="DueAt">When it was due; the start itself when a person asked.</param>
/// <param name="Outcome"><c>done</c>, <c>incomplete</c> or <c>failed</c>.</param>
/// <param name="Report">Left out of lists.</param>
public sealed record RoutineRun(
    Guid Id, string System, string Routine, DateTimeOffset DueAt, string? RequestedBy, DateTimeOffset StartedAt, DateTimeOffset EndedAt, string Outcome,
    string Summary, JsonNode? Report);
