namespace WhatsOps.Tests.Integration.Alerts;

/// <summary>A mail as the server took it.</summary>
/// <param name="Data">Headers and body as they came.</param>
internal sealed record ReceivedMail(string From, IReadOnlyList<string> To, string Data);
