namespace WhatsOps.Simulator;

/// <summary>One attempt to deliver a webhook.</summary>
/// <param name="At">When the attempt ended.</param>
/// <param name="Instance">Exact name.</param>
/// <param name="Event">Dotted name.</param>
/// <param name="Attempt">From 1 to 10.</param>
/// <param name="Status">The receiver's last answer; null when it refused the connection, broke it or was too slow.</param>
/// <param name="Delivered">What the gateway believes.</param>
public sealed record Delivery(DateTimeOffset At, string Instance, string Event, int Attempt, int? Status, bool Delivered);
