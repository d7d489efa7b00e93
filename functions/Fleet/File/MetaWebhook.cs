namespace WhatsOps.Fleet;

/// <summary>A webhook that Meta's Cloud API calls.</summary>
public sealed record MetaWebhook
{
    public string Path { get; init; } = "/webhook";

    /// <summary>A reference to <c>hub.verify_token</c>; null: only strangers are tried.</summary>
    public string? VerifyToken { get; init; }
}
