using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Health;

/// <summary>Names of the runbooks that findings point to: always the least destructive one that fits.</summary>
internal static class Remedies
{
    public const string CreateInstance = "create-instance";

    /// <summary>Costs the instance's connection for seconds.</summary>
    public const string RestartInstance = "restart-instance";

    public const string Reconnect = "reconnect";

    /// <summary>A person must scan.</summary>
    public const string Reauthenticate = "reauthenticate";

    /// <summary>The whole ladder up to the reset; needs an approver.</summary>
    public const string RecoverInstance = "recover-instance";

    public const string SaveIntegration = "save-integration";

    public const string FixIsolation = "fix-isolation";

    public const string WaitForStability = "wait-for-stability";

    /// <summary>Points an instance's webhook at this tenant's address again, with its secret.</summary>
    public const string RepairWebhook = "repair-webhook";

    /// <summary>The finding with a remedy that its system does not refuse: where instances are the tenants themselves none is deleted, and a TaktChat's are not made by anybody else.</summary>
    public static ObservedFinding Possible(FleetSystem system, ObservedFinding finding) => finding.Remedy switch
    {
        RecoverInstance when system.TenantDirectory is { Kind: SystemKinds.TurboZap or SystemKinds.TaktChat } =>
            finding with { Remedy = finding.Kind == "instance_stuck_connecting" ? RestartInstance : Reconnect },
        CreateInstance when system.Kind == SystemKinds.TaktChat => finding with { Remedy = null },
        _ => finding,
    };
}
