namespace WhatsOps.Fleet;

/// <summary>
/// A login of a gateway that knows no global key: TaktChat's. Make one for WhatsOps alone, since a login disconnects the other tabs of its user.
/// </summary>
public sealed record GatewayAccount
{
    /// <summary>TaktChat's number of the company (<c>"Companies".id</c>) that the user belongs to. Its session calls reach this company's connections only.</summary>
    public required int Company { get; init; }

    /// <summary>Reference to the e-mail address.</summary>
    public required string Email { get; init; }

    /// <summary>Reference to the password.</summary>
    public required string Password { get; init; }
}
