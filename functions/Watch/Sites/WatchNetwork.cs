using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace WhatsOps.Watch;

/// <summary>The network as the looks at sites and hosts see it. Tests trust an authority of their own and name machines that no name server knows.</summary>
internal sealed record WatchNetwork
{
    /// <summary>Roots besides those of the machine. Nothing switches validation off.</summary>
    public X509Certificate2Collection Anchors { get; init; } = [];

    /// <summary>Where the plain side of an https site listens; null: 80, for sites on 443.</summary>
    public int? PlainPort { get; init; }

    public Func<string, CancellationToken, Task<IPAddress[]>> ResolveAsync { get; init; } = Dns.GetHostAddressesAsync;
}
