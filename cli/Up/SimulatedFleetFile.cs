using System.Text.Json;

namespace WhatsOps.Cli.Up;

/// <summary>The fleet file of the simulated fleet: what a user would write by hand for three gateways and one product.</summary>
internal static class SimulatedFleetFile
{
    public const string DatabaseVariable = "REVALYA_DATABASE";

    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string KeyVariable(string gateway) => $"EVOLUTION_KEY_{gateway.Replace("gateway-", "", StringComparison.Ordinal)}";

    public static string Write(string path, string url, IReadOnlyList<SimulatedGateway> gateways, OperatorKey requester, OperatorKey approver)
    {
        Local.PrivateFile.Write(path, JsonSerializer.Serialize(new
        {
            systems = new[]
            {
                new
                {
                    name = SimulatedFleet.System,
                    kind = "evolution",
                    timeZone = "America/Sao_Paulo",
                    gateways = gateways.Select(gateway => new { name = gateway.Name, url = gateway.Url, apiKey = $"${{env:{KeyVariable(gateway.Name)}}}" }),
                    tenantDirectory = new { kind = "revalya", connectionString = $"${{env:{DatabaseVariable}}}" },
                    instancePrefix = SimulatedFleet.InstancePrefix,
                    // No product behind the simulated fleet takes the events; a real fleet names its own endpoint here.
                    webhook = new { baseUrl = url, deliverTo = "none" },
                    // On loopback five seconds are long; the default of 30 would only make you wait for gateway-3.
                    thresholds = new { gatewayAnswerSeconds = 5 },
                    policies = new Dictionary<string, string> { ["*"] = "observe" },
                },
            },
            alerts = new { routes = new[] { new { name = "log", kind = "log" } } },
            operators = new[]
            {
                new { name = LocalOperators.Requester, role = "operator", keyHash = requester.Hash },
                new { name = LocalOperators.Approver, role = "approver", keyHash = approver.Hash },
            },
        }, Readable));
        return path;
    }
}
