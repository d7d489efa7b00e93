namespace WhatsOps.Cli.Up;

/// <summary>The other systems' part of the fleet file: gateways where WhatsOps speaks them, and endpoints that are watched.</summary>
internal static class OtherSystemsFile
{
    public const string TurboZapKey = "TURBOZAP_KEY";
    public const string TurboZapDatabase = "TURBOZAP_DATABASE";
    public const string TaktChatDatabase = "TAKTCHAT_DATABASE";
    public const string TaktChatEmail = "TAKTCHAT_EMAIL";
    public const string TaktChatPassword = "TAKTCHAT_PASSWORD";
    public const string AgentVerifyToken = "AGENT_VERIFY_TOKEN";

    /// <param name="policies">Of systems with gateways: nothing can be done to the others.</param>
    public static IEnumerable<object> Systems(SimulatedOthers others, IReadOnlyDictionary<string, string> policies, IReadOnlyDictionary<string, string> schedules)
    {
        // One answer above two seconds would keep the rule firing until it is one of a hundred; no simulated product is slow on purpose, so it would tell of this machine.
        var rules = new[] { new { name = "slow-answers", metric = "seconds", off = true } };
        yield return new
        {
            name = OtherSystems.TurboZap, kind = "turbozap",
            gateways = new[] { new { name = "turbozap-1", url = others.TurboZapUrl, apiKey = Reference(TurboZapKey), database = Reference(TurboZapDatabase) } },
            tenantDirectory = new { kind = "turbozap", connectionString = Reference(TurboZapDatabase) },
            watch = new { http = new[] { Http("health", $"{others.TurboZapUrl}/health", "turbozap_health") }, rules },
            policies,
            schedules,
        };
        yield return new
        {
            name = OtherSystems.TaktChat, kind = "taktchat",
            gateways = new[] { new { name = "taktchat-1", url = others.TaktChatUrl, accounts = new[] { new { company = 1, email = Reference(TaktChatEmail), password = Reference(TaktChatPassword) } } } },
            tenantDirectory = new { kind = "taktchat", connectionString = Reference(TaktChatDatabase) },
            watch = new { http = new[] { Http("health", $"{others.TaktChatUrl}/health", "taktchat_health"), Http("version", $"{others.TaktChatUrl}/version", "taktchat_version") }, rules },
            policies,
            schedules,
        };
        yield return new
        {
            name = OtherSystems.Agent, kind = "agent",
            watch = new
            {
                http = new[] { Http("health", $"{others.AgentUrl}/health/detailed", "agent_health", everySeconds: 300), Http("webhook", $"{others.AgentUrl}/webhook/status", "agent_webhook") },
                guards = new[] { new { name = "doors", url = others.AgentUrl, meta = new { verifyToken = Reference(AgentVerifyToken) }, refused = new[] { "/webhook-debug-secret", "/public/webhook-secret-info" } } },
                rules,
            },
            schedules,
        };
        yield return new
        {
            name = OtherSystems.Bot, kind = "bot",
            watch = new
            {
                http = new[]
                {
                    Http("health", $"{others.BotUrl}/monitoring/health", "bot_health", everySeconds: 30), Http("stats", $"{others.BotUrl}/monitoring/stats", "bot_stats"),
                    Http("day", $"{others.BotUrl}/monitoring/stats/24h", "bot_day", everySeconds: 300), Http("admin", $"{others.BotUrl}/admin", "status"),
                },
                rules,
            },
            schedules,
        };
    }

    private static object Http(string name, string url, string shape, int everySeconds = 60) => new { name, url, shape, everySeconds };

    private static string Reference(string variable) => $"${{env:{variable}}}";
}
