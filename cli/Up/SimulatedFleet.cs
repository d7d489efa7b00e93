namespace WhatsOps.Cli.Up;

/// <summary>Forty tenants of one product on three gateways, some of them broken in the ways that fleets break.</summary>
internal static class SimulatedFleet
{
    public const string System = "revalya";
    public const string InstancePrefix = "revalya-";

    /// <summary>gateway-1 works, gateway-2 refuses our key, gateway-3 hangs.</summary>
    public static readonly IReadOnlyList<string> Gateways = ["gateway-1", "gateway-2", "gateway-3"];

    private static readonly string[] OnRefusingGateway = ["sorveteria", "tabacaria", "tapecaria", "teatro"];
    private static readonly string[] OnHangingGateway = ["transportadora", "veterinaria", "vidracaria", "vinicola"];

    private static readonly Dictionary<string, Condition> Broken = new()
    {
        ["acougue"] = Condition.LoggedOut,
        ["barbearia"] = Condition.InstanceMissing,
        ["cafeteria"] = Condition.Connecting,
        ["clinica"] = Condition.ListLies,
        ["doceria"] = Condition.NotLoaded,
        [SwitchedOffTenant] = Condition.InactiveSeenOpen,
        ["farmacia"] = Condition.WrongInstanceName,
        ["floricultura"] = Condition.NoInstanceName,
        ["grafica"] = Condition.LoggedOut,
        ["hotel"] = Condition.InstanceMissing,
        ["imobiliaria"] = Condition.NoIntegration,
        ["joalheria"] = Condition.TenantInactive,
    };

    private static readonly string[] Healthy =
    [
        "academia", "agencia", "autoescola", "bicicletaria", "borracharia", "chaveiro", "confeitaria", "costura", "dentista", "estetica",
        "lavanderia", "livraria", "marcenaria", "mercado", "oficina", "otica", "padaria", "papelaria", "pizzaria", "restaurante",
    ];

    /// <summary>The tenant whose integration `up` resets before your eyes.</summary>
    public const string ResetTenant = "acougue";

    /// <summary>The tenant whose integration the product's page switched off; only a person can say that it was no choice.</summary>
    public const string SwitchedOffTenant = "escola";

    /// <summary>What the first sweep must say about gateway-2 and gateway-3.</summary>
    public static readonly IReadOnlyDictionary<string, string> ExpectedOfGateways = new Dictionary<string, string>
    {
        ["gateway-2"] = "gateway_unauthorized",
        ["gateway-3"] = "gateway_unreachable",
    };

    public static IReadOnlyList<SimulatedTenant> Tenants { get; } =
    [
        .. Broken.Select(pair => new SimulatedTenant(pair.Key, 0, pair.Value))
            .Concat(Healthy.Select(slug => new SimulatedTenant(slug, 0, Condition.Healthy)))
            .Concat(OnRefusingGateway.Select(slug => new SimulatedTenant(slug, 1, Condition.Healthy)))
            .Concat(OnHangingGateway.Select(slug => new SimulatedTenant(slug, 2, Condition.Healthy)))
            .OrderBy(tenant => tenant.Slug, StringComparer.Ordinal),
    ];
}
