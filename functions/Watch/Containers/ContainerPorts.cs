using System.Globalization;
using Docker.DotNet.Models;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Ports of a container that its engine opens on every address of the machine. Docker's rules come before those of ufw, so a firewall does not help.</summary>
internal static class ContainerPorts
{
    public static Measure Measure(ContainerInspectResponse container) => new("container.ports.public", Public(container).Count);

    public static IEnumerable<Trouble> Troubles(ContainerTarget target, ContainerInspectResponse container)
    {
        var name = target.Container.Container;
        foreach (var (inside, outside) in Public(container).Where(port => KnownPorts.Service(port.Inside) is not null || KnownPorts.Service(port.Outside) is not null))
        {
            var known = KnownPorts.Service(inside) is null ? outside : inside;
            yield return new(TroubleKinds.Exposed, KnownPorts.Exposed(known), $"Container {name} opens {KnownPorts.Named(known)} on every address of its machine, as port {outside}. Fix: publish it as 127.0.0.1:{outside}:{inside}.") { Subject = $"port {outside}" };
        }

        if (container.HostConfig?.NetworkMode == "host")
            yield return new(TroubleKinds.NotObservable, Severity.Low, $"Container {name} shares the network of its machine, so neither its ports nor its traffic are known here. Fix: name its machine in watch.hosts.") { Subject = "network" };
    }

    // A running one has what it really got; one that stands has what it will get.
    private static List<(int Inside, int Outside)> Public(ContainerInspectResponse container)
    {
        var ports = container.NetworkSettings?.Ports is { Count: > 0 } real ? real : container.HostConfig?.PortBindings;
        return [.. from port in ports ?? new Dictionary<string, IList<PortBinding>>()
                   from binding in port.Value ?? []
                   where binding.HostIP is null or "" or "0.0.0.0" or "::"
                   let outside = Number(binding.HostPort)
                   group outside by (Inside: Number(port.Key.Split('/')[0]), Outside: outside) into same
                   select same.Key];
    }

    private static int Number(string? text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
