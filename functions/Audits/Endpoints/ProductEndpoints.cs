using WhatsOps.Fleet;

namespace WhatsOps.Audits;

/// <summary>What the manuals ask of a product and its sources do not always have, and where it may be asked.</summary>
internal static class ProductEndpoints
{
    private static readonly ProductEndpoint[] OfAgent =
    [
        // Named by its manual and its dashboard; no version of its sources has them.
        new("system_status", "/production/system/status"), new("business_metrics", "/production/metrics/business"), new("performance_metrics", "/production/metrics/performance"),
        new("current_performance", "/production/performance/current"), new("active_alerts", "/production/alerts/active"),
        // Its own nginx does not let it through.
        new("metrics", "/metrics"),
    ];

    // The board is mounted where BULL_BOARD is true, and asks for a password then.
    private static readonly ProductEndpoint[] OfTaktChat = [new("health", "/health"), new("version", "/version"), new("queue_board", "/admin/queues")];

    private static readonly ProductEndpoint[] OfBot =
        [new("monitoring_health", "/monitoring/health"), new("monitoring_stats", "/monitoring/stats"), new("monitoring_stats_24h", "/monitoring/stats/24h"), new("admin", "/admin")];

    public static IReadOnlyList<ProductEndpoint> Of(string kind) => kind switch { SystemKinds.TaktChat => OfTaktChat, SystemKinds.Agent => OfAgent, SystemKinds.Bot => OfBot, _ => [] };

    /// <summary>Its gateways, and those of the watched endpoints whose shape tells that they are the product's own.</summary>
    public static IReadOnlyList<ProductAddress> AddressesOf(FleetSystem system) => Of(system.Kind).Count == 0 ? [] :
    [
        .. system.Gateways.Select(gateway => new ProductAddress(gateway.Name, gateway.Url, "")),
        .. (system.Watch?.Http ?? []).Where(target => SuffixOf(target.Shape) is not null).Select(target => new ProductAddress("http/" + target.Name, target.Url, SuffixOf(target.Shape)!)),
    ];

    private static string? SuffixOf(HttpShape shape) => shape switch
    {
        HttpShape.TaktChatHealth => "/health",
        HttpShape.TaktChatVersion => "/version",
        HttpShape.AgentHealth => "/health/detailed",
        HttpShape.AgentWebhook => "/webhook/status",
        HttpShape.BotHealth => "/monitoring/health",
        HttpShape.BotStats => "/monitoring/stats",
        _ => null,
    };
}
