namespace WhatsOps.Runbooks;

/// <summary>The steps that runbooks about one tenant share. A runbook without steps of its own has this as its actions.</summary>
public sealed class TenantSteps(InstanceSteps instance, ConnectionSteps connection, WebhookSteps webhook, IntegrationSteps integration, ProofSteps proof) : ITenantSteps
{
    public InstanceSteps Instance => instance;

    public ConnectionSteps Connection => connection;

    public WebhookSteps Webhook => webhook;

    public IntegrationSteps Integration => integration;

    public ProofSteps Proof => proof;
}
