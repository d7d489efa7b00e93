using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>
/// Tries ports of a machine from here: one that takes a connection is open on some address of it, everything else is closed. A firewall that drops
/// is as good as one that refuses, as long as something shows that the machine lives: a port that answers or refuses, its SSH server if need be.
/// </summary>
internal sealed class HostProbe(WatchNetwork network, TimeProvider time) : IProbe
{
    private const int AtOnce = 32;
    private static readonly TimeSpan PortPatience = TimeSpan.FromSeconds(3);

    public IEnumerable<Look> LooksAt(FleetSystem system) => (system.Watch?.Hosts ?? []).Where(target => target.Closed.Count + target.Open.Count > 0).Select(target =>
        new Look($"host/{target.Name}", TimeSpan.FromSeconds(target.EverySeconds), Patience(target), cancellation => ReadAsync(target, cancellation)));

    // Dropped packets take their whole time, on IPv4 and IPv6 each.
    private static TimeSpan Patience(HostTarget target) => Look.UsualPatience + (PortPatience * ((target.Closed.Count + target.Open.Count) * 2 / AtOnce));

    private async Task<Reading> ReadAsync(HostTarget target, CancellationToken cancellation)
    {
        IPAddress[] addresses;
        try
        {
            addresses = await network.ResolveAsync(target.Host, cancellation);
        }
        catch (SocketException)
        {
            addresses = [];
        }

        if (addresses.Length == 0) return Reading.Unreachable($"The name {target.Host} is not resolved. Next: nslookup {target.Host}.");

        int[] ports = [.. target.Closed.Concat(target.Open).Distinct()];
        var tries = await TryAllAsync(addresses, ports, cancellation);
        if (tries.All(attempt => attempt.Result is SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.AddressFamilyNotSupported))
            return Reading.Unreachable($"There is no way from here to {target.Host}. Next: ip route get {addresses[0]}.");

        // Its log would have a line of every connection, so SSH is asked only when nothing else shows that the machine lives.
        var lives = tries.Any(IsAnswer) || (target.Ssh is { } ssh && (await TryAllAsync(addresses, [ssh], cancellation)).Any(IsAnswer));
        if (!lives && (target.Open.Count > 0 || target.Ssh is not null))
            return Reading.Unreachable($"No port of {target.Host} answers or refuses: the machine is off, or a firewall drops all of it. Next: is it on, by its provider's console?");

        var open = tries.Where(attempt => attempt.Result == SocketError.Success).Select(attempt => attempt.Port).ToHashSet();
        return Reading.Seen(
            lives ? $"{open.Count} of {ports.Length} ports are open." : "No port answers or refuses: a firewall drops all of it, or the machine is off. Which, ssh or an open port in the fleet file would tell.",
            [.. ports.Select(port => new Measure("host.port.open", open.Contains(port) ? 1 : 0, $"{port}"))],
            [.. target.Closed.Where(open.Contains).Select(port => new Trouble(TroubleKinds.Exposed, KnownPorts.Exposed(port), $"Port {KnownPorts.Named(port)} of {target.Host} takes connections from here, and should be closed. Fix: close it in the firewall, or bind its service to 127.0.0.1.") { Subject = Subject(port) }),
             .. target.Open.Where(port => !open.Contains(port)).Select(port => new Trouble(TroubleKinds.Unhealthy, Severity.High, $"Port {KnownPorts.Named(port)} of {target.Host} takes no connections from here, and should be open. Next: is its service running, and does the firewall let it through?") { Subject = Subject(port) })])
            with { Unseen = lives ? [] : [.. ports.Select(Subject)] };
    }

    private static string Subject(int port) => $"port {port}";

    // A router on the way says unreachable of a machine that is off.
    private static bool IsAnswer((int Port, SocketError Result) attempt) => attempt.Result is SocketError.Success or SocketError.ConnectionRefused or SocketError.ConnectionReset;

    private async Task<IReadOnlyCollection<(int Port, SocketError Result)>> TryAllAsync(IPAddress[] addresses, int[] ports, CancellationToken cancellation)
    {
        var tries = new ConcurrentBag<(int Port, SocketError Result)>();
        await Parallel.ForEachAsync(
            from port in ports from address in addresses select (port, address),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (pair, token) => tries.Add((pair.port, await TryAsync(pair.address, pair.port, token))));
        return tries;
    }

    private async Task<SocketError> TryAsync(IPAddress address, int port, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(PortPatience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(address, port, both.Token);
            return SocketError.Success;
        }
        catch (SocketException problem)
        {
            return problem.SocketErrorCode;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return SocketError.TimedOut;
        }
    }
}
