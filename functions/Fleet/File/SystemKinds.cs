namespace WhatsOps.Fleet;

/// <summary>The kinds of systems, and what they can be asked for.</summary>
public static class SystemKinds
{
    public const string Evolution = "evolution";
    public const string TurboZap = "turbozap";

    public static IReadOnlyList<string> All { get; } = [Evolution, "taktchat", TurboZap, "agent", "bot"];

    /// <summary>Those whose gateways WhatsOps speaks with; the others are watched only.</summary>
    public static IReadOnlyList<string> WithGateways { get; } = [Evolution, TurboZap];
}
