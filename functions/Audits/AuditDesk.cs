using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Routines;

namespace WhatsOps.Audits;

/// <summary>The frame of every audit: look, let it judge, record what it took down, and make the routine's outcome of it.</summary>
internal sealed class AuditDesk(AuditObserver observer, IFindings findings)
{
    /// <param name="judge">Fills the sheet and returns the summary; a sentence without secrets. Not called when the product was not seen.</param>
    public async Task<RoutineOutcome> AuditAsync(
        string audit, FleetSystem system, bool withGateways, Func<AuditScene, AuditSheet, Task<string>> judge, CancellationToken cancellation)
    {
        var scene = await observer.LookAsync(system, withGateways, cancellation);
        var sheet = new AuditSheet(audit, scene);
        var summary = "The product's tenants were not seen, so nothing was judged.";
        if (scene.Product.Tenants is null) sheet.Blind($"product database: {scene.Product.Problem ?? "no answer"}");
        else
        {
            foreach (var gateway in scene.Gateways.Where(view => !view.IsListed)) sheet.Unfinished(gateway.Name, gateway.Problem ?? gateway.List?.Detail ?? "no list of its instances");
            summary = await judge(scene, sheet);
        }

        foreach (var (run, seen) in sheet.Passes()) await findings.RecordAsync(run, seen, cancellation);
        var report = sheet.Report();
        return new RoutineOutcome(sheet.IsComplete, Sentence(summary, report), report);
    }

    private static string Sentence(string summary, AuditReport report) => string.Concat(
        summary,
        report.NotObservable.Count > 0 ? $" Not observable: {report.NotObservable.Count}." : "",
        report.Unfinished.Count > 0 ? $" Not seen: {report.Unfinished[0]}{(report.Unfinished.Count > 1 ? $" and {report.Unfinished.Count - 1} more" : "")}." : "");
}
