using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>
/// The certificate that a site shows, as a client that trusts the machine's roots sees it. The handshake goes on whatever is wrong with it, so that all of it is told;
/// nothing is sent over it but a GET without credentials.
/// </summary>
/// <param name="ChainProblem">Why no root is reached; null: one is.</param>
internal sealed record SiteCertificate(DateTimeOffset Begins, DateTimeOffset Ends, bool IsOfHost, string? ChainProblem)
{
    private const int CriticalPart = 5;
    private const X509ChainStatusFlags NoRoot = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;

    /// <param name="sent">What the server sent besides it.</param>
    /// <param name="anchors">Roots besides those of the machine.</param>
    public static SiteCertificate Judge(X509Certificate2 certificate, X509Certificate2Collection sent, SslPolicyErrors errors, X509Certificate2Collection anchors, DateTimeOffset now)
    {
        var status = Build(certificate, sent, null, now);
        if ((status & NoRoot) != 0 && anchors.Count > 0) status = Build(certificate, sent, anchors, now);
        DateTimeOffset begins = certificate.NotBefore, ends = certificate.NotAfter;
        // Its own dates are told as such.
        if (now < begins || now > ends) status &= ~X509ChainStatusFlags.NotTimeValid;
        var isOfItself = certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
        return new(begins, ends, !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch), status switch
        {
            X509ChainStatusFlags.NoError => null,
            _ when (status & NoRoot) != 0 && isOfItself => "it is signed by itself",
            _ when status.HasFlag(X509ChainStatusFlags.NotSignatureValid) => "the authority that it names did not sign it",
            _ when status.HasFlag(X509ChainStatusFlags.PartialChain) => "its issuer is unknown, or the server does not send the certificate between",
            _ when status.HasFlag(X509ChainStatusFlags.UntrustedRoot) => "its root is not trusted",
            _ when status.HasFlag(X509ChainStatusFlags.NotTimeValid) => "a certificate above it is expired",
            _ => $"{status}",
        });
    }

    public IEnumerable<Trouble> Troubles(string host, int days, DateTimeOffset now)
    {
        if (now > Ends) yield return Dates(Severity.Critical, $"The certificate of {host} is expired since {Ends:u}. Fix: renew it now; clients refuse it.");
        else if (now < Begins) yield return Dates(Severity.Critical, $"The certificate of {host} is valid from {Begins:u} only. Fix: put the one before back, or set the clock.");
        else if ((Ends - now).TotalDays is var left && left < days)
            yield return Dates(left < (double)days / CriticalPart ? Severity.Critical : Severity.Medium, $"The certificate of {host} ends in {(int)left} days, at {Ends:u}. Fix: renew it, and find out why it does not renew by itself.");

        if (!IsOfHost) yield return new(TroubleKinds.Unhealthy, Severity.High, $"The certificate that the server shows is not one of {host}; clients refuse it. Fix: add the name to it, or serve the right one by SNI.") { Subject = "certificate name" };
        if (ChainProblem is not null) yield return new(TroubleKinds.Unhealthy, Severity.High, $"The certificate of {host} is not trusted: {ChainProblem}. Fix: serve the full chain of a known authority.") { Subject = "certificate chain" };

        static Trouble Dates(Severity severity, string cause) => new(TroubleKinds.Unhealthy, severity, cause) { Subject = "certificate" };
    }

    // Revocation and missing issuers are not fetched: a look asks the site alone.
    private static X509ChainStatusFlags Build(X509Certificate2 certificate, X509Certificate2Collection sent, X509Certificate2Collection? roots, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.ExtraStore.AddRange(sent);
        if (roots is not null)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        }

        chain.Build(certificate);
        return chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
    }
}
