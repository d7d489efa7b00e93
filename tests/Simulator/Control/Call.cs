namespace WhatsOps.Simulator;

/// <summary>One call that the gateway received.</summary>
/// <param name="At">When it arrived.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path and query exactly as received.</param>
/// <param name="Instance">Exact name of the instance it is about (path, query or body), or null.</param>
/// <param name="Key">First 8 hex digits of the SHA-256 of the apikey header: tells keys apart without telling them; null without key.</param>
public sealed record Call(DateTimeOffset At, string Method, string Path, string? Instance, string? Key)
{
    /// <summary>The status answered; 0 when the connection was cut or left hanging; null while the call is under way.</summary>
    public int? Status { get; internal set; }

    /// <summary>Whether the call changed something: false for reads, refusals and answers without acting.</summary>
    public bool Acted { get; internal set; }
}
