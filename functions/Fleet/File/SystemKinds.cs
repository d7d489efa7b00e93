namespace WhatsOps.Fleet;

/// <summary>The kinds of systems, and what they can be asked for.</summary>
public static class SystemKinds
{
    public const string Evolution = "evolution";
    public const string TaktChat = "taktchat";
    public const string TurboZap = "turbozap";
    public const string Agent = "agent";
    public const string Bot = "bot";

    public static IReadOnlyList<string> All { get; } = [Evolution, TaktChat, TurboZap, Agent, Bot];

    /// <summary>Those whose gateways WhatsOps speaks with; the others are watched only.</summary>
    public static IReadOnlyList<string> WithGateways { get; } = [Evolution, TaktChat, TurboZap];

    /// <summary>Those whose gateways have a global key and send each instance's events to a webhook. TaktChat has accounts, and tells its own product only.</summary>
    public static bool SendsWebhooks(string kind) => kind is Evolution or TurboZap;

    /// <summary>Those whose customers may come over Meta's Cloud API.</summary>
    public static bool SpeaksWithMeta(string kind) => kind is TaktChat or Agent or Bot;

    /// <summary>Percent of the time that systems of a kind are promised to be there, unless the fleet file says otherwise. The agent's manual promises 99.9; the others' name no number.</summary>
    public static decimal SlaPercent(string kind) => kind == Agent ? 99.9m : 99.5m;
}
