namespace WhatsOps.Alerts;

/// <summary>One message to one route. It holds no secret and is the same at every attempt.</summary>
/// <param name="Severity"><c>critical</c>, <c>warning</c> or <c>info</c>.</param>
/// <param name="Text">The headline .</param>
public sealed record AlertMessage(string Severity, DateTimeOffset Timestamp, string Service, string Text, IReadOnlyList<AlertField> Fields);
