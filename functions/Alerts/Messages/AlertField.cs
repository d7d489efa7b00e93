namespace WhatsOps.Alerts;

/// <summary>A titled paragraph of a message.</summary>
/// <param name="IsShort">May stand beside another one.</param>
public sealed record AlertField(string Title, string Value, bool IsShort);
