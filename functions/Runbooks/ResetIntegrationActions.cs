namespace WhatsOps.Runbooks;

/// <summary>The steps of <see cref="ResetIntegration"/>: those that all runbooks share.</summary>
public sealed class ResetIntegrationActions(TenantSteps steps) : TenantActions(steps);
