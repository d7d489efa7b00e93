namespace WhatsOps.Fleet;

/// <summary>A server that takes e-mail.</summary>
public sealed record SmtpOptions
{
    public required string Host { get; init; }

    public int Port { get; init; } = 587;

    public SmtpSecurity Security { get; init; } = SmtpSecurity.StartTls;

    /// <summary>Reference to the user; null: no login.</summary>
    public string? User { get; init; }

    /// <summary>Reference to the password.</summary>
    public string? Password { get; init; }
}
