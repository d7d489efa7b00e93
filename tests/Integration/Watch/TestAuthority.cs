using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>A certificate authority of one test.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _root;
    private readonly DateTimeOffset _now;

    public TestAuthority(DateTimeOffset now, string name = "Test authority")
    {
        _now = now;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _root = request.CreateSelfSigned(now.AddYears(-5), now.AddYears(5));
    }

    public X509Certificate2Collection Anchors => [X509CertificateLoader.LoadCertificate(_root.RawData)];

    /// <summary>A certificate of a name, signed by the authority.</summary>
    /// <param name="ends">From now; may lie behind.</param>
    public X509Certificate2 Issue(string name, TimeSpan ends)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = Request(name, key).Create(_root, _now.AddYears(-1), _now + ends, [1, 2, 3, 4]);
        return Usable(issued.CopyWithPrivateKey(key));
    }

    /// <summary>A certificate that nobody but itself signed.</summary>
    public X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Usable(Request(name, key).CreateSelfSigned(_now.AddDays(-1), _now.AddYears(1)));
    }

    public void Dispose() => _root.Dispose();

    private static CertificateRequest Request(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    private static X509Certificate2 Usable(X509Certificate2 certificate)
    {
        using (certificate) return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
