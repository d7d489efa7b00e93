using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>Makes findings of readings: what cannot be seen, and what a target says of itself. A target, or a part of one, that is not seen closes nothing.</summary>
internal sealed class TargetFindings(IFindings findings)
{
    /// <param name="isDown">An unreachable target has been so for long enough to tell: one lost packet is no outage.</param>
    public Task RecordAsync(FleetSystem system, WatchedTarget target, Reading reading, bool isDown, DateTimeOffset at, CancellationToken cancellation) =>
        findings.RecordAsync(
            new(Check(target.Target), system.Name, null, Complete: reading.Outcome == Outcome.Seen, at, system.Thresholds.GoodObservationsToClose) { Unseen = [.. reading.Unseen.Select(part => Subject(target.Target, part))] },
            [.. Of(system.Name, target.Target, reading, isDown)], cancellation);

    /// <summary>Closes what was found of a target that the fleet file no longer names.</summary>
    public Task CloseAsync(string system, string target, DateTimeOffset at, CancellationToken cancellation) =>
        findings.RecordAsync(new(Check(target), system, null, Complete: true, at, GoodObservationsToClose: 1), [], cancellation);

    internal static IEnumerable<ObservedFinding> Of(string system, string target, Reading reading, bool isDown)
    {
        var (kind, severity, ends) = reading.Outcome switch
        {
            Outcome.Unreachable when isDown => (TroubleKinds.Unreachable, Severity.Critical, "does not answer"),
            Outcome.Unauthorized => (TroubleKinds.Unauthorized, Severity.High, "refuses the credential"),
            Outcome.Absent => (TroubleKinds.Absent, Severity.High, "is not there"),
            _ => (null, Severity.Info, ""),
        };
        if (kind is not null)
            yield return Finding(system, target, new(kind, severity, $"{target} {ends}: {reading.Words}"), reading.Words);
        foreach (var trouble in reading.Troubles) yield return Finding(system, target, trouble, trouble.Cause);
    }

    private static ObservedFinding Finding(string system, string target, Trouble trouble, string words) =>
        new(trouble.Kind, Check(target), system, null, null, null, trouble.Severity, trouble.Cause, new Dictionary<string, string>(trouble.Evidence) { ["target"] = target, ["words"] = words }, trouble.Remedy)
        {
            Subject = Subject(target, trouble.Subject),
        };

    private static string Subject(string target, string part) => part.Length == 0 ? target : $"{target}/{part}";

    private static string Check(string target) => "watch/" + target;
}
