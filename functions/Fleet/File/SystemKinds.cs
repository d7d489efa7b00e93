namespace WhatsOps.Fleet;

/// <summary>The kinds of systems, and what they can be asked for.</summary>
public static class SystemKinds
{
    public const string Evolution = "evolution";
    public const string TaktChat = "taktchat";
    public const string TurboZap = "turbozap";

    public static IReadOnlyList<string> All { get; } = [Evolution, TaktChat, TurboZap, "agent", "bot"];

    /// <summary>Those whose gateways WhatsOps speaks with; the others are watched only.</summary>
    public static IReadOnlyList<string> WithGateways { get; } = [Evolution, TaktChat, TurboZap];

    /// <summary>Those whose gateways have a global key and send each instance's events to a webhook. TaktChat has accounts, and tells its own product only.</summary>
    public static bool SendsWebhooks(string kind) => kind is Evolution or TurboZap;

    /// <summary>Those whose customers may come over Meta's Cloud API.</summary>
    public static bool SpeaksWithMeta(string kind) => kind is TaktChat or "agent" or "bot";
}
