using WhatsOps.Findings;

namespace WhatsOps.Alerts;

/// <summary>One finding that a message tells about.</summary>
internal sealed record AlertLine(AlertEvent Event, Finding Finding, IReadOnlyList<string> Tried);
