namespace WhatsOps.Fleet;

/// <summary>A public address: name resolution, certificate, redirect to https, security headers, CORS, compression .</summary>
public sealed record SiteTarget : WatchTarget
{
    public required string Url { get; init; }

    /// <summary>Days before its end that a certificate is a finding; a fifth of it, and it is critical.</summary>
    public int CertificateDays { get; init; } = 21;

    /// <summary>Exact addresses that the name must resolve to; empty: any.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>True: the headers of the manual are asked for .</summary>
    public bool SecurityHeaders { get; init; }

    /// <summary>True: an answer to a foreign origin that allows it, or everybody, is a finding .</summary>
    public bool ClosedToOrigins { get; init; }

    /// <summary>True: an answer that is not compressed for a browser that takes gzip and br is a finding .</summary>
    public bool Compressed { get; init; }
}
