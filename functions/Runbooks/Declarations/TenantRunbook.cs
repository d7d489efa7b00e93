namespace WhatsOps.Runbooks;

/// <summary>A runbook about one tenant, and the steps that several of them declare alike.</summary>
/// <inheritdoc cref="Runbook{TActions}"/>
public abstract class TenantRunbook<TActions> : Runbook<TActions>
    where TActions : ITenantSteps
{
    protected static Step CheckTarget() =>
        Do("check-target", "Check that the gateway answers and accepts its key", a => a.Instance.CheckTargetAsync, calls: ["GET /", "GET /instance/fetchInstances"]);

    protected static Step EnsureSecret() => Do("ensure-secret", "Make sure that {tenant} has a webhook secret", a => a.Webhook.EnsureSecretAsync);

    protected static Step EnsureWebhook() => Do("ensure-webhook", "Read the webhook back, and set it where it differs", a => a.Webhook.EnsureAsync, Effect.Reversible,
        calls: ["GET /webhook/find/{instance}", "POST /webhook/set/{instance} (if different)"]);

    protected static Step WaitOpen() => WaitUntil("wait-open", "Wait until {instance} is open", a => a.Connection.IsOpenAsync, Pace.Seconds(2, 15), TimeSpan.FromMinutes(2),
        "GET /instance/connectionState/{instance}", "GET /instance/fetchInstances");

    protected static Step ScanQr() => AskHuman("scan-qr", "Somebody at {tenant} scans the QR code", "Scan the QR code with the tenant's phone: WhatsApp, Linked devices.",
        TimeSpan.FromMinutes(30), proof: a => a.Instance.IsPairedAsync, show: a => a.Instance.QrAsync, whenSilent: RunState.NeedsPairing, every: Pace.Seconds(3, 15),
        calls: "GET /instance/connectionState/{instance}");

    /// <summary>The row is this run's own.</summary>
    protected static Step TellProduct() => Do("tell-product", "Write the state into the product's row", a => a.Integration.TellProductAsync, Effect.Reversible,
        calls: "UPDATE tenant_integrations of {tenant} (connection_status)");

    /// <summary>The row may be another instance's, or none.</summary>
    protected static Step TellState() => Do("tell-product", "Write the state into the product's row, where it names {instance}", a => a.Integration.TellStateAsync, Effect.Reversible,
        calls: "UPDATE tenant_integrations of {tenant} (connection_status)");

    protected static Step VerifyOpen() => Do("verify", "Read the state back", a => a.Proof.IsOpenAsync, calls: "GET /instance/connectionState/{instance}");

    protected static Step VerifyAll() => Do("verify", "Read back the state, the webhook and the row", a => a.Proof.VerifyAsync,
        calls: ["GET /instance/connectionState/{instance}", "GET /webhook/find/{instance}", "SELECT tenant_integrations of {tenant}"]);
}
