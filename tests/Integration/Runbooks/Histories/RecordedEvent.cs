namespace WhatsOps.Tests.Integration.Runbooks.Histories;

/// <summary>One row of <c>durable.history</c>.</summary>
internal sealed record RecordedEvent(int Seq, string Kind, DateTime At, int Task, string? Name, string? Target, string? Payload);
