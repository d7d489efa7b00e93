namespace WhatsOps.Gateways.Evolution;

/// <summary>Evolution's optional endpoints.</summary>
internal static class EvolutionCapabilities
{
    // The POSTs are answered without doing anything: an empty sendText fails its schema, and no message has this id.
    public static IReadOnlyList<OptionalEndpoint> Optional { get; } =
    [
        new("metrics", HttpMethod.Get, "/metrics"),
        new("webhook", HttpMethod.Get, "/webhook/find/{0}"),
        new("settings", HttpMethod.Get, "/settings/find/{0}"),
        new("proxy", HttpMethod.Get, "/proxy/find/{0}"),
        new("websocket", HttpMethod.Get, "/websocket/find/{0}"),
        new("rabbitmq", HttpMethod.Get, "/rabbitmq/find/{0}"),
        new("find_messages", HttpMethod.Post, "/chat/findMessages/{0}", new { where = new { key = new { id = "none" } }, page = 1, offset = 1 }),
        new("send_text", HttpMethod.Post, "/message/sendText/{0}", new { }),
    ];
}
