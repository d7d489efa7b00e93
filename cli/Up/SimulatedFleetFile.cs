using System.Text.Json;
using System.Text.Json.Serialization;

namespace WhatsOps.Cli.Up;

/// <summary>The fleet file of the simulated fleet: what a user would write by hand for three gateways and one product, and four other systems.</summary>
internal static class SimulatedFleetFile
{
    public const string DatabaseVariable = "REVALYA_DATABASE";

    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Kinds whose remedies cost nothing; the others wait for a person's yes.</summary>
    private static readonly string[] Automatic =
    [
        "instance_not_open", "instance_not_loaded", "instance_stuck_connecting", "instance_logged_out", "instance_qr_churn", "integration_without_instance_name",
        "gateway_degraded",
    ];

    public static string KeyVariable(string gateway) => $"EVOLUTION_KEY_{gateway.Replace("gateway-", "", StringComparison.Ordinal)}";

    /// <summary>The key that gateway-2 really has, as an operator would set it once it is noticed.</summary>
    public static string RenewedKeyVariable(string gateway) => $"{KeyVariable(gateway)}_RENEWED";

    /// <param name="others">The other systems; null: Revalya's fleet alone.</param>
    public static string Write(string path, string url, IReadOnlyList<SimulatedGateway> gateways, SimulatedOthers? others, OperatorKey requester, OperatorKey approver)
    {
        Local.PrivateFile.Write(path, Json(url, gateways, others, requester, approver, autopilot: false));
        return path;
    }

    /// <param name="autopilot">False: nothing is touched unless somebody asks. True: policies let remedies begin, with the keys renewed.</param>
    public static string Json(string url, IReadOnlyList<SimulatedGateway> gateways, SimulatedOthers? others, OperatorKey requester, OperatorKey approver, bool autopilot) =>
        JsonSerializer.Serialize(new
        {
            systems = (object[])
            [
                new
                {
                    name = SimulatedFleet.System,
                    kind = "evolution",
                    timeZone = SimulatedRoutines.TimeZone,
                    gateways = gateways.Select(gateway => new { name = gateway.Name, url = gateway.Url, apiKey = $"${{env:{(autopilot ? RenewedKeyVariable(gateway.Name) : KeyVariable(gateway.Name))}}}" }),
                    tenantDirectory = new { kind = "revalya", connectionString = $"${{env:{DatabaseVariable}}}" },
                    instancePrefix = SimulatedFleet.InstancePrefix,
                    // No product behind the simulated fleet takes the events; a real fleet names its own endpoint here.
                    webhook = new { baseUrl = url, deliverTo = "none" },
                    // On loopback five seconds are long; the default of 30 would only make you wait for gateway-3.
                    thresholds = new { gatewayAnswerSeconds = 5 },
                    policies = Policies(autopilot),
                    schedules = Schedules,
                    actionsPerHour = 30,
                    // Named together with the policies, when the first set is made: what is named and has no set is a finding.
                    backup = autopilot ? Backup : null,
                },
                .. others is null ? [] : OtherSystemsFile.Systems(others, Policies(autopilot), Schedules),
            ],
            alerts = new { routes = new[] { new { name = "log", kind = "log" } } },
            operators = new[]
            {
                new { name = LocalOperators.Requester, role = "operator", keyHash = requester.Hash },
                new { name = LocalOperators.Approver, role = "approver", keyHash = approver.Hash },
            },
        }, Readable);

    private static IReadOnlyDictionary<string, string> Schedules { get; } = SimulatedRoutines.Schedules(DateTimeOffset.UtcNow);

    private static object Backup { get; } =
        new { databases = new object[] { new { name = "product", connectionString = $"${{env:{DatabaseVariable}}}" }, new { name = "whatsops", own = true } } };

    private static Dictionary<string, string> Policies(bool autopilot)
    {
        if (!autopilot) return new() { ["*"] = "observe" };
        var policies = Automatic.ToDictionary(kind => kind, _ => "auto");
        policies["*"] = "approve";
        return policies;
    }
}
