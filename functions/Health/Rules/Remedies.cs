namespace WhatsOps.Health;

/// <summary>Names of the runbooks that findings point to.</summary>
internal static class Remedies
{
    public const string ResetIntegration = "reset-integration";
}
