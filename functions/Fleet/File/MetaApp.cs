namespace WhatsOps.Fleet;

/// <summary>
/// An app of the operator's own at Meta, subscribed to the WhatsApp Business Accounts of the product's customers beside the product's: Meta lets several apps
/// subscribe, so the product's webhook stays as it is and nothing is forwarded.
/// </summary>
public sealed record MetaApp
{
    /// <summary>Reference to the app's secret, which signs what Meta sends.</summary>
    public required string AppSecret { get; init; }

    /// <summary>Reference to the secret before it, while Meta changes over; null: none.</summary>
    public string? PreviousAppSecret { get; init; }

    /// <summary>Reference to the token that Meta is given where the webhook is entered.</summary>
    public required string VerifyToken { get; init; }
}
