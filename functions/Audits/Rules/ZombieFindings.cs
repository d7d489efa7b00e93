using System.Globalization;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;

namespace WhatsOps.Audits;

/// <summary>The words of the zombie watch.</summary>
internal static class ZombieFindings
{
    public const string Check = "zombies";
    private const string Suspected = "instance_zombie_suspected";
    private const string Confirmed = "instance_zombie";

    /// <param name="canaries">Of this instance, newest first.</param>
    public static ObservedFinding Alone(FleetSystem system, ZombieSuspect suspect, IEnumerable<Canary> canaries)
    {
        var (status, silence, normal) = suspect;
        var (pending, judged) = CanaryDesk.Of(canaries);
        var next = (system.Canary, pending, judged) switch
        {
            (not { Enabled: true }, _, _) => "send it a message.",
            (_, not null, _) => "a canary is under way.",
            (_, _, { Detail: { } detail }) => $"the last canary proved nothing. {detail}",
            _ => "a canary follows when nothing forbids one.",
        };
        return new(
            Suspected, Check, system.Name, status.Gateway, status.Tenant, status.Instance, Severity.Medium,
            $"{status.Instance} is open but has been silent for {Words(silence)}; at this hour of the week it is never silent for longer than {Words(normal)}. The session may be dead although it says open: {next}",
            Evidence.Of(("silent_minutes", Minutes(silence)), ("longest_normal_minutes", Minutes(normal)), ("times", ZombieRules.Times.ToString(CultureInfo.InvariantCulture)),
                ("canary_at", Time(judged?.ClaimedAt)), ("canary", judged?.Detail)), null);
    }

    public static ObservedFinding Together(string system, string? gateway, IReadOnlyList<InstanceStatus> silent, int open) => new(
        Suspected, Check, system, gateway, null, null, Severity.High,
        $"{silent.Count} of {open} open instances of gateway {gateway ?? "unknown"} fell silent against their habit: rather its webhooks do not arrive than so many sessions died. Look at the way from the gateway to the receiver.",
        Evidence.Of(("silent", silent.Count.ToString(CultureInfo.InvariantCulture)), ("open", open.ToString(CultureInfo.InvariantCulture)), ("tenants", string.Join(", ", silent.Take(50).Select(status => status.Tenant)))), null);

    /// <summary>What a canary has shown. A restart costs nothing but seconds; one that did not help is not tried for ever.</summary>
    public static ObservedFinding Shown(Canary verdict, InstanceStatus status, bool wasZombieBefore)
    {
        var isRenewed = CanaryRules.IsRenewed(verdict, status);
        var next = isRenewed ? "Its connection was renewed since; another canary will tell whether that helped."
            : wasZombieBefore ? "A new connection did not revive it before: run recover-instance with from=pairing, or restart the gateway itself."
            : "Restart it.";
        return new(
            Confirmed, Check, verdict.System, status.Gateway, status.Tenant, status.Instance, Severity.High, $"{status.Instance} says open, but its session is dead. {verdict.Detail} {next}",
            Evidence.Of(("canary_at", Time(verdict.ClaimedAt)), ("judged_at", Time(verdict.JudgedAt)), ("answer", verdict.Answer?.ToString().ToLowerInvariant()), ("message_id", verdict.MessageId), ("why", verdict.Detail)),
            isRenewed || wasZombieBefore ? null : Remedies.RestartInstance);
    }

    private static string? Time(DateTimeOffset? at) => at?.ToUniversalTime().ToString("u", CultureInfo.InvariantCulture);

    private static string Words(TimeSpan time) => time.TotalHours >= 2 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0} hours") : $"{Minutes(time)} minutes";

    private static string Minutes(TimeSpan time) => time.TotalMinutes.ToString("0", CultureInfo.InvariantCulture);
}
