namespace WhatsOps.Fleet;

/// <summary>A webhook that Meta's Cloud API calls.</summary>
public sealed record MetaWebhook
{
    public string Path { get; init; } = "/webhook";

    /// <summary>A reference to <c>hub.verify_token</c>; null: only strangers are tried.</summary>
    public string? VerifyToken { get; init; }

    /// <summary>A reference to the app's secret, with which an empty event is signed that must be taken; null: only what must be refused is tried.</summary>
    public string? AppSecret { get; init; }
}
