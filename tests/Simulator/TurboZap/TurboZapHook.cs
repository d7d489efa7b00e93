namespace WhatsOps.Simulator.TurboZap;

/// <summary>An instance's webhook as it is configured.</summary>
/// <param name="Events">Dotted; empty means all.</param>
public sealed record TurboZapHook(string Url, IReadOnlyList<string> Events, IReadOnlyDictionary<string, string> Headers, bool Enabled, bool ByEvents, bool Base64);
