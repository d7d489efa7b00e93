using System.Net.Sockets;
using WhatsOps.Events;
using WhatsOps.Fleet;

namespace WhatsOps.Diagnosis;

/// <summary>The way from WhatsOps on to the product: its secret, and whether its address lets connect. No event is sent, and no request: a product may count those.</summary>
internal sealed class DeliveryDoctor(IFleet fleet, TimeProvider time) : ISystemDoctor
{
    private const string Check = "webhook.deliverTo";
    private const string SecretCheck = "webhook.deliverySecret";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // No tenant has this slug: what depends on the tenant is not proven by it.
    private const string AnyTenant = "whatsops-doctor";

    public async Task<IReadOnlyList<DoctorCheck>> ExamineAsync(FleetSystem system, CancellationToken cancellation) =>
        system.Webhook.Forwards() ? [await AddressAsync(system, cancellation), Secret(system)] : [];

    private async Task<DoctorCheck> AddressAsync(FleetSystem system, CancellationToken cancellation)
    {
        const string Fix = "Check webhook.deliverTo, DNS, firewall, and that the product runs; until then events wait and are not lost.";
        try
        {
            var url = DeliveryClient.Address(fleet, system.Webhook, AnyTenant);
            if (url.Host.Contains(AnyTenant, StringComparison.Ordinal))
                return DoctorCheck.Good(Check, system, "webhook", "its host depends on the tenant, so it was not tried; look at whatsops deliveries");
            using var limit = new CancellationTokenSource(Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            using var client = new TcpClient();
            await client.ConnectAsync(url.Host, url.Port, either.Token);
            return url.Scheme == "http" && !url.IsLoopback
                ? DoctorCheck.Warn(Check, system, "webhook", $"{url.Host}:{url.Port} connects, but by http: messages travel in clear", "Use https, or keep that network to yourself.")
                : DoctorCheck.Good(Check, system, "webhook", $"{url.Host}:{url.Port} connects; accepted events go there");
        }
        catch (MissingSecretException missing)
        {
            return DoctorCheck.Fail(Check, system, "webhook", missing.Message, "Set the reference on the host and restart it.");
        }
        catch (UriFormatException)
        {
            return DoctorCheck.Fail(Check, system, "webhook", "what its references give is no URL", "Correct the setting behind the reference.");
        }
        catch (Exception problem) when (problem is SocketException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return DoctorCheck.Fail(Check, system, "webhook", problem is SocketException socket ? $"does not connect: {socket.SocketErrorCode}" : $"does not connect within {Patience.TotalSeconds:0} s", Fix);
        }
    }

    private DoctorCheck Secret(FleetSystem system)
    {
        const string Fix = "Set it on the host to whsec_ and base64 of 24 to 64 random bytes, and restart it.";
        // A file that an older version applied has none.
        if (system.Webhook.DeliverySecret is not { } reference)
            return DoctorCheck.Fail(SecretCheck, system, "webhook", "none, so nothing can be signed and nothing is forwarded", "Add webhook.deliverySecret to the fleet file.");
        try
        {
            return DeliverySignature.IsMalformed(fleet.Resolve(reference))
                ? DoctorCheck.Fail(SecretCheck, system, reference, "begins with whsec_, but base64 does not follow: no receiver's library would take it", Fix)
                : DoctorCheck.Good(SecretCheck, system, reference, "has a value");
        }
        catch (MissingSecretException missing)
        {
            return DoctorCheck.Fail(SecretCheck, system, reference, missing.Message, Fix);
        }
    }
}
