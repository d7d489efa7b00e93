namespace WhatsOps.Runbooks;

/// <summary>The steps about one tenant that runbooks share, by what they are about.</summary>
public interface ITenantSteps
{
    InstanceSteps Instance { get; }

    ConnectionSteps Connection { get; }

    WebhookSteps Webhook { get; }

    IntegrationSteps Integration { get; }

    ProofSteps Proof { get; }
}
