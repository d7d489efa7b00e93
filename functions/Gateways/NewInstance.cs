namespace WhatsOps.Gateways;

/// <summary>An instance to be made, with its webhook from the first moment.</summary>
public sealed record NewInstance(string Name, WebhookSettings? Webhook);
