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
}
