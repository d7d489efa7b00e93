using System.Globalization;
using System.Net;
using Docker.DotNet.Models;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Ports of a container that its engine opens to everybody: on every address of the machine, or on a public one (R-249). Docker's rules come before those of ufw, so a firewall does not help.</summary>
internal static class ContainerPorts
{
    // 127/8 and its like; RFC 1918; those of carriers, which no route of the internet leads to; link-local; unique local.
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[] { "127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "fe80::/10", "fc00::/7" }.Select(range => IPNetwork.Parse(range)),
    ];

    public static Measure Measure(ContainerInspectResponse container) => new("container.ports.public", Public(container).Count);

    public static IEnumerable<Trouble> Troubles(ContainerTarget target, ContainerInspectResponse container)
    {
        var name = target.Container.Container;
        foreach (var (inside, outside, address) in Public(container).Where(port => KnownPorts.Service(port.Inside) is not null || KnownPorts.Service(port.Outside) is not null))
        {
            var known = KnownPorts.Service(inside) is null ? outside : inside;
            yield return new(TroubleKinds.Exposed, KnownPorts.Exposed(known), $"Container {name} opens {KnownPorts.Named(known)} on {(address is null ? "every address of its machine" : $"the public address {address}")}, as port {outside}. Fix: publish it as 127.0.0.1:{outside}:{inside}.") { Subject = $"port {outside}" };
        }

        if (container.HostConfig?.NetworkMode == "host")
            yield return new(TroubleKinds.NotObservable, Severity.Low, $"Container {name} shares the network of its machine, so neither its ports nor its traffic are known here. Fix: name its machine in watch.hosts.") { Subject = "network" };
    }

    // A running one has what it really got; one that stands has what it will get. Without an address it is every one.
    private static List<(int Inside, int Outside, IPAddress? Address)> Public(ContainerInspectResponse container)
    {
        var ports = container.NetworkSettings?.Ports is { Count: > 0 } real ? real : container.HostConfig?.PortBindings;
        return [.. from port in ports ?? new Dictionary<string, IList<PortBinding>>()
                   from binding in port.Value ?? []
                   let address = IPAddress.TryParse(binding.HostIP, out var parsed) && !parsed.Equals(IPAddress.Any) && !parsed.Equals(IPAddress.IPv6Any) ? parsed : null
                   where address is null || !NotPublic.Any(range => range.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address))
                   group address by (Inside: Number(port.Key.Split('/')[0]), Outside: Number(binding.HostPort)) into same
                   select (same.Key.Inside, same.Key.Outside, same.Contains(null) ? null : same.First())];
    }

    private static int Number(string? text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
