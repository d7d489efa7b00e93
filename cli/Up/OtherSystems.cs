namespace WhatsOps.Cli.Up;

/// <summary>Beside Revalya's fleet a system of each other product, with one trouble of those that the product is known for.</summary>
internal static class OtherSystems
{
    /// <summary>Its API says connected of an instance that is only paired.</summary>
    public const string TurboZap = "turbozap";

    /// <summary>A connection is not CONNECTED, while its health is ok.</summary>
    public const string TaktChat = "taktchat";

    /// <summary>Meta does not accept its token any more.</summary>
    public const string Agent = "agent";

    /// <summary>It calls itself healthy and has lost Redis.</summary>
    public const string Bot = "bot";

    public const string DeadTurboZapTenant = "sapataria";
    public const string DownTaktChatTenant = "1-8";

    public static readonly IReadOnlyList<string> Names = [TurboZap, TaktChat, Agent, Bot];

    /// <summary>What the first look at each must find.</summary>
    public static readonly IReadOnlyDictionary<string, string> Expected = new Dictionary<string, string>
    {
        [TurboZap] = "instance_not_open", [TaktChat] = "instance_not_open", [Agent] = "target_unhealthy", [Bot] = "target_unhealthy",
    };
}
