using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Events;

/// <summary>
/// What the gateways stored against what the receiver got, for every tenant's own instance of a system. What cannot be looked at is
/// told as that, and closes nothing.
/// </summary>
internal sealed class LostEventAudit(IGateways gateways, MessageAudit messages, IFindings findings, TimeProvider time)
{
    /// <summary>Gateways repeat a webhook for a while: what is younger is not missing yet.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromMinutes(15);

    /// <summary>True when a webhook of the system tells of messages at all, and its gateways tell what they stored: TurboZap's do not.</summary>
    public static bool AppliesTo(FleetSystem system) => system.Kind == SystemKinds.Evolution && system.Webhook.Events.Contains("MESSAGES_UPSERT");

    /// <param name="to">Brought back to what has settled.</param>
    public async Task<IReadOnlyList<InstanceAudit>> RunAsync(FleetSystem system, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var at = time.GetUtcNow();
        if (to > at - Settle) to = at - Settle;
        List<InstanceAudit> audits = [];
        List<ObservedFinding> seen = [];
        foreach (var endpoint in system.Gateways)
        {
            if (await ListAsync(system, endpoint, cancellation) is not (IGateway gateway, { Value: { } instances }))
            {
                seen.Add(LostEventRules.NotObservable(system, endpoint.Name, null, null, "its list of instances cannot be read", $"{from:u} to {to:u}"));
                continue;
            }

            foreach (var instance in instances.Where(one => one.Name.StartsWith(system.InstancePrefix, StringComparison.Ordinal) && one.Name.Length > system.InstancePrefix.Length))
                audits.Add(await messages.CompareAsync(system, gateway, instance.Name, from, to, cancellation));
        }

        seen.AddRange(audits.SelectMany(audit => LostEventRules.Apply(system, audit)));
        var isComplete = seen.TrueForAll(finding => finding.Kind != "events_audit_not_observable");
        await findings.RecordAsync(new CheckRun(LostEventRules.Check, system.Name, null, isComplete, at, system.Thresholds.GoodObservationsToClose), seen, cancellation);
        return audits;
    }

    private async Task<(IGateway?, Observation<IReadOnlyList<InstanceSnapshot>>?)> ListAsync(FleetSystem system, GatewayEndpoint endpoint, CancellationToken cancellation)
    {
        try
        {
            var gateway = gateways.Open(system, endpoint);
            return (gateway, await gateway.ListAsync(cancellation));
        }
        catch (MissingSecretException)
        {
            return (null, null);
        }
    }
}
