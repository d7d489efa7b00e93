using System.Globalization;
using WhatsOps.Events;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;

namespace WhatsOps.Audits;

/// <summary>
/// After every sweep: instances that are open and silent against their own habit. Many of one gateway at once are one incident: rather its events do
/// not arrive than so many sessions died.
/// </summary>
internal sealed class ZombieWatch(IFleet fleet, IInstanceStates states, EventTraffic traffic, IFindings findings, TimeProvider time) : IAfterSweep
{
    private const string Check = "zombies";
    private const string Kind = "instance_zombie_suspected";

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
        var least = TimeSpan.FromMinutes(system.Thresholds.SilentMinutes);
        InstanceStatus[] open = [.. (await states.ListAsync(system.Name, cancellation)).Where(status => status.State == InstanceState.Open)];
        InstanceStatus[] silent = [.. open.Where(status => now - status.LastEventAt > least && now - status.LastEventAt < Forgotten).OrderByDescending(status => status.LastEventAt)];
        var suspects = new List<(InstanceStatus Status, TimeSpan Silence, TimeSpan Normal)>();
        foreach (var status in silent.Take(MostPerSweep))
        {
            var silence = await traffic.SilenceAsync(system.Name, status.Tenant, now, cancellation);
            if (silence.Last is { } last && ZombieRules.IsSuspect(now - last, silence.Normal, least)) suspects.Add((status, now - last, silence.Normal.Max()));
        }

        var seen = new List<ObservedFinding>();
        foreach (var gateway in suspects.GroupBy(suspect => suspect.Status.Gateway))
        {
            var all = open.Count(status => status.Gateway == gateway.Key);
            if (ZombieRules.AreTogether(gateway.Count(), all, system.Thresholds.CorrelatedFailurePercent)) seen.Add(Together(system.Name, gateway.Key, [.. gateway.Select(suspect => suspect.Status)], all));
            else seen.AddRange(gateway.Select(suspect => Alone(system.Name, suspect.Status, suspect.Silence, suspect.Normal)));
        }

        await findings.RecordAsync(new(Check, system.Name, null, silent.Length <= MostPerSweep, now, system.Thresholds.GoodObservationsToClose), seen, cancellation);
    }

    private static ObservedFinding Alone(string system, InstanceStatus status, TimeSpan silence, TimeSpan normal) => new(
        Kind, Check, system, status.Gateway, status.Tenant, status.Instance, Severity.Medium,
        $"{status.Instance} is open but has been silent for {Words(silence)}; at this hour of the week it is never silent for longer than {Words(normal)}. The session may be dead although it says open: send it a message.",
        Evidence.Of(("silent_minutes", Minutes(silence)), ("longest_normal_minutes", Minutes(normal)), ("times", ZombieRules.Times.ToString(CultureInfo.InvariantCulture))), null);

    private static ObservedFinding Together(string system, string? gateway, IReadOnlyList<InstanceStatus> silent, int open) => new(
        Kind, Check, system, gateway, null, null, Severity.High,
        $"{silent.Count} of {open} open instances of gateway {gateway ?? "unknown"} fell silent against their habit: rather its webhooks do not arrive than so many sessions died. Look at the way from the gateway to the receiver.",
        Evidence.Of(("silent", silent.Count.ToString(CultureInfo.InvariantCulture)), ("open", open.ToString(CultureInfo.InvariantCulture)), ("tenants", string.Join(", ", silent.Take(50).Select(status => status.Tenant)))), null);

    private static string Words(TimeSpan time) => time.TotalHours >= 2 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0} hours") : $"{Minutes(time)} minutes";

    private static string Minutes(TimeSpan time) => time.TotalMinutes.ToString("0", CultureInfo.InvariantCulture);
}
