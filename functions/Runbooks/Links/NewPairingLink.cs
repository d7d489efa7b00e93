namespace WhatsOps.Runbooks;

/// <summary>A link just made: the only moment at which its token exists in clear.</summary>
public sealed record NewPairingLink(string Url, DateTimeOffset ExpiresAt)
{
    // The address is a secret: a log line that prints the record must not have it.
    public override string ToString() => $"a link until {ExpiresAt:u}";
}
