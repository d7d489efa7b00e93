using WhatsOps.Events;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;

namespace WhatsOps.Audits;

/// <summary>
/// After every sweep: instances that are open and silent against their own habit. Many of one gateway at once are one incident: rather its events do
/// not arrive than so many sessions died. One alone is tested by a canary, where the fleet file allows that; what the canary shows dead is a zombie.
/// </summary>
internal sealed class ZombieWatch(IFleet fleet, IInstanceStates states, EventTraffic traffic, CanaryDesk canaries, IFindings findings, TimeProvider time) : IAfterSweep
{
    // One question to the event log each; the ones that fell silent last are the ones where it can still be helped.
    private const int MostPerSweep = 200;
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(8);

    public async Task SweptAsync(SweepReport report, CancellationToken cancellation)
    {
        foreach (var system in (await fleet.CurrentAsync(cancellation))?.Document.Systems ?? []) await WatchAsync(system, cancellation);
    }

    private async Task WatchAsync(FleetSystem system, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var all = await states.ListAsync(system.Name, cancellation);
        var latest = await canaries.JudgeAsync(system, all, cancellation);
        InstanceStatus[] open = [.. all.Where(status => status.State == InstanceState.Open)];
        var seen = new List<ObservedFinding>();
        var toTest = new List<InstanceStatus>();
        var zombies = await ZombiesAsync(system, open, latest, seen, toTest, now, cancellation);

        var least = TimeSpan.FromMinutes(system.Thresholds.SilentMinutes);
        InstanceStatus[] silent =
        [
            .. open.Where(status => !zombies.Contains(status.Instance) && now - status.LastEventAt > least && now - status.LastEventAt < Forgotten).OrderByDescending(status => status.LastEventAt),
        ];
        var suspects = new List<ZombieSuspect>();
        foreach (var status in silent.Take(MostPerSweep))
        {
            var silence = await traffic.SilenceAsync(system.Name, status.Tenant, now, cancellation);
            if (silence.Last is { } last && ZombieRules.IsSuspect(now - last, silence.Normal, least)) suspects.Add(new(status, now - last, silence.Normal.Max()));
        }

        foreach (var gateway in suspects.GroupBy(suspect => suspect.Status.Gateway))
        {
            var ofGateway = open.Count(status => status.Gateway == gateway.Key);
            if (ZombieRules.AreTogether(gateway.Count(), ofGateway, system.Thresholds.CorrelatedFailurePercent))
            {
                seen.Add(ZombieFindings.Together(system.Name, gateway.Key, [.. gateway.Select(suspect => suspect.Status)], ofGateway));
                continue;
            }

            seen.AddRange(gateway.Select(suspect => ZombieFindings.Alone(system, suspect, latest[suspect.Status.Instance])));
            toTest.AddRange(gateway.Select(suspect => suspect.Status));
        }

        await findings.RecordAsync(new(ZombieFindings.Check, system.Name, null, silent.Length <= MostPerSweep, now, system.Thresholds.GoodObservationsToClose), seen, cancellation);
        // Last, since it may take a while; the next sweep judges.
        await canaries.SendAsync(system, toTest, latest, cancellation);
    }

    // What a canary has shown dead stays so until it is heard, not open any more, or shown alive; a session that is new since is tested again.
    private async Task<HashSet<string>> ZombiesAsync(
        FleetSystem system, InstanceStatus[] open, ILookup<string, Canary> latest, List<ObservedFinding> seen, List<InstanceStatus> toTest, DateTimeOffset now, CancellationToken cancellation)
    {
        var zombies = new HashSet<string>(StringComparer.Ordinal);
        foreach (var status in open)
        {
            Canary[] judged = [.. latest[status.Instance].Where(canary => canary.JudgedAt is not null)];
            if (judged is not [{ Verdict: CanaryVerdict.Zombie } verdict, ..]) continue;
            if (!CanaryRules.Stands(verdict, status, (await traffic.SilenceAsync(system.Name, status.Tenant, now, cancellation)).Last, now)) continue;
            zombies.Add(status.Instance);
            seen.Add(ZombieFindings.Shown(verdict, status, CanaryRules.WasZombieBefore(judged)));
            toTest.Add(status);
        }

        return zombies;
    }
}
