namespace WhatsOps.Embedded.Durable;

/// <summary>The code no longer does what its history says it did, or waits for something that no replay can repeat.</summary>
internal sealed class NonDeterministicOrchestrationException(string message) : InvalidOperationException(message);
