using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Health;

/// <summary>Makes a finding of a fleet file that was refused: somebody believes that it is in force. A good file closes it.</summary>
internal sealed class RefusedFleet(IFleetRejections rejections, IFindings findings, TimeProvider time) : IAfterSweep
{
    /// <summary>It concerns no single system.</summary>
    public const string System = "whatsops";

    public async Task SweptAsync(SweepReport report, CancellationToken cancellation)
    {
        var run = new CheckRun("fleet_file", System, null, Complete: true, time.GetUtcNow(), GoodObservationsToClose: 1);
        var refused = await rejections.StandingAsync(cancellation);
        await findings.RecordAsync(run, refused is null ? [] : [Describe(refused)], cancellation);
    }

    private static ObservedFinding Describe(FleetRejection refused) => new(
        "fleet_invalid", "fleet_file", System, null, null, null, Severity.High,
        $"The fleet file that {refused.By} sent was refused with {refused.Problems.Count} problem{(refused.Problems.Count == 1 ? "" : "s")}; the version before it is still in force.",
        new Dictionary<string, string> { ["refused_at"] = refused.At.ToString("u"), ["by"] = refused.By, ["first_problem"] = refused.Problems[0].ToString() },
        null);
}
