using WhatsOps.Audits;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Gateways.TaktChat;

namespace WhatsOps.Diagnosis;

/// <summary>One gateway: does it answer, is the key good, is its version one we know, does its clock agree, is the way to it encrypted.</summary>
internal sealed class GatewayDoctor(IGateways gateways, IFleet fleet)
{
    private static readonly TimeSpan MaxSkew = TimeSpan.FromSeconds(30);

    public async Task<IReadOnlyList<DoctorCheck>> ExamineAsync(FleetSystem system, GatewayEndpoint gateway, CancellationToken cancellation)
    {
        IGateway client;
        try
        {
            client = gateways.OpenForSweep(system, gateway);
        }
        catch (MissingSecretException missing)
        {
            return [DoctorCheck.Fail("gateway.key", system, gateway.Name, missing.Message, "Set the reference on the host and restart it.")];
        }

        var probe = await client.ProbeAsync(cancellation);
        var list = await client.ListAsync(cancellation);
        var checks = new List<DoctorCheck> { Reachable(system, gateway, probe, list), Key(system, gateway, list) };
        if (list is { IsSeen: true, Detail: { } doubt })
            checks.Add(DoctorCheck.Warn("gateway.liveness", system, gateway.Name, $"whether paired instances are connected is not known: {doubt}", "Set gateways[].database to a reference, and let its user read instances (docs/gateways.md)."));
        // The first account is proven by the list of all.
        foreach (var account in gateway.Accounts.Skip(1)) checks.Add(await AccountAsync(system, gateway, client, account, cancellation));
        if (Transport(system, gateway) is { } transport) checks.Add(transport);
        if (probe.Value is { } health) checks.AddRange([Version(system, gateway, health), Clock(system, gateway, health)]);
        return checks;
    }

    private static DoctorCheck Reachable(FleetSystem system, GatewayEndpoint gateway, Observation<GatewayHealth> probe, Observation<IReadOnlyList<InstanceSnapshot>> list) =>
        probe.IsSeen ? DoctorCheck.Good("gateway.reachable", system, gateway.Name, $"answered in {probe.Took.TotalMilliseconds:0} ms")
        // GET / asks the Internet first; the API itself may be well.
        : list.Outcome != Outcome.Unreachable ? DoctorCheck.Warn("gateway.reachable", system, gateway.Name, $"the API answers, GET / does not: {probe.Detail}", "Let the gateway reach web.whatsapp.com, or look at its log.")
        : DoctorCheck.Fail("gateway.reachable", system, gateway.Name, probe.Detail ?? "", "Check url in the fleet file, DNS, firewall, and that the gateway runs.");

    private static DoctorCheck Key(FleetSystem system, GatewayEndpoint gateway, Observation<IReadOnlyList<InstanceSnapshot>> list) => list.Outcome switch
    {
        Outcome.Seen => DoctorCheck.Good("gateway.key", system, gateway.Name, $"accepted; {list.Value!.Count} instances in {list.Took.TotalMilliseconds:0} ms"),
        Outcome.Unauthorized => DoctorCheck.Fail("gateway.key", system, gateway.Name, $"refused ({list.Detail})", system.Kind == SystemKinds.TaktChat
            ? "Correct the first of gateways[].accounts, or its user in TaktChat."
            : $"Set {gateway.ApiKey} to the gateway's {GatewayDialects.KeySettingOf(system.Kind)} (the global key, not an instance token)."),
        _ => DoctorCheck.Fail("gateway.key", system, gateway.Name, $"not proven: {list.Detail}", $"Make the gateway answer GET {GatewayDialects.ListOf(system.Kind)}."),
    };

    // Whatever its number, a connection of the company is looked for as that account: present or not, the account was let in.
    private static async Task<DoctorCheck> AccountAsync(FleetSystem system, GatewayEndpoint gateway, IGateway client, GatewayAccount account, CancellationToken cancellation)
    {
        var (name, look) = ($"{gateway.Name}, company {account.Company}", await client.StateAsync(TaktChatConnection.NameOf(account.Company, 1), cancellation));
        return look.Outcome is Outcome.Seen or Outcome.Absent
            ? DoctorCheck.Good("gateway.account", system, name, "accepted")
            : DoctorCheck.Fail("gateway.account", system, name, look.Detail ?? "", "Correct this one of gateways[].accounts, or its user in TaktChat: nothing can be repaired for that company.");
    }

    private DoctorCheck? Transport(FleetSystem system, GatewayEndpoint gateway) =>
        Uri.TryCreate(fleet.Resolve(gateway.Url), UriKind.Absolute, out var url) && url.Scheme == "http" && !url.IsLoopback
            ? DoctorCheck.Warn("gateway.tls", system, gateway.Name, "http: the global key travels in clear", "Use https, or keep that network to yourself.")
            : null;

    private static DoctorCheck Version(FleetSystem system, GatewayEndpoint gateway, GatewayHealth health)
    {
        if (system.Kind != SystemKinds.Evolution) return DoctorCheck.Good("gateway.version", system, gateway.Name, health.Version);
        // The audit of versions tells the rest; this one bites the very operations that doctor prepares.
        if (KnownVersions.Of(health.Version)?.FirstOrDefault(known => known.Area == "webhooks") is { } trap)
            return DoctorCheck.Warn("gateway.version", system, gateway.Name, $"{health.Version} {trap.What}", $"Upgrade to {trap.FixedIn}.");
        return health.Version.StartsWith("2.", StringComparison.Ordinal)
            ? DoctorCheck.Good("gateway.version", system, gateway.Name, health.Version)
            : DoctorCheck.Warn("gateway.version", system, gateway.Name, $"{health.Version} is not known to WhatsOps; it is spoken to as 2.x", "Try a reset on a test tenant before you trust it.");
    }

    private static DoctorCheck Clock(FleetSystem system, GatewayEndpoint gateway, GatewayHealth health) => health.ClockSkew switch
    {
        null => DoctorCheck.Warn("gateway.clock", system, gateway.Name, "sends no Date header, so its clock is not known", "Let the proxy in front of it pass Date on."),
        { } skew when skew.Duration() > MaxSkew => DoctorCheck.Warn("gateway.clock", system, gateway.Name, $"is {skew.TotalSeconds:0} s off ours", "Run NTP on both hosts."),
        { } skew => DoctorCheck.Good("gateway.clock", system, gateway.Name, $"{skew.TotalSeconds:0} s off ours"),
    };
}
