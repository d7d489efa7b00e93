namespace WhatsOps.Tests.Integration.Simulator;

/// <summary>One recorded webhook of a sequence.</summary>
internal sealed record RecordedDelivery(string Instance, string Path, string Event, string? State, bool Sender);
