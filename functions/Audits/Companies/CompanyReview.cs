using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Health;
using WhatsOps.Routines;

namespace WhatsOps.Audits;

/// <summary>A review of TaktChat's companies over its own tables: numbers and ids, never a name, a phone number or a token. Changes nothing.</summary>
internal abstract class CompanyReview(ProductDatabases databases, IFindings findings, TimeProvider time) : IRoutine
{
    private const string Kind = "company_review";

    public abstract string Name { get; }

    public abstract string Summary { get; }

    public abstract string DefaultSchedule { get; }

    public bool AppliesTo(FleetSystem system) => CompanyDatabase.ReferenceOf(system) is not null;

    public async Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation)
    {
        var sheet = new AuditSheet(Name, new AuditScene(call.System, ProductView.None, [], time.GetUtcNow()));
        string summary;
        object? report = null;
        try
        {
            (summary, report) = await ReviewAsync(call, new(databases.Open(CompanyDatabase.ReferenceOf(call.System)!), sheet), sheet, cancellation);
        }
        // The words of both name the reference, not what stands behind it.
        catch (Exception problem) when (problem is MissingSecretException or ProblemException)
        {
            summary = "Nothing was reviewed.";
            sheet.Unfinished(null, problem.Message);
        }

        foreach (var (run, seen) in sheet.Passes()) await findings.RecordAsync(run, seen, cancellation);
        var (missing, unfinished) = (sheet.Report().NotObservable, sheet.Report().Unfinished);
        if (missing.Count > 0) summary += $" Not observable: {missing.Count}.";
        if (unfinished.Count > 0) summary += $" Not seen: {string.Join("; ", unfinished)}.";
        return new(sheet.IsComplete && missing.Count == 0, summary, report);
    }

    protected abstract Task<(string Summary, object Report)> ReviewAsync(RoutineCall call, CompanyDatabase database, AuditSheet sheet, CancellationToken cancellation);

    /// <param name="subject">Of one company among others; empty: the rule says it all.</param>
    protected static void Find(AuditSheet sheet, string rule, Severity severity, string subject, string cause, params (string Name, string? Value)[] evidence) =>
        sheet.Find(Kind, severity, null, null, null, cause, null, subject.Length == 0 ? rule : $"{rule}/{subject}", [("rule", rule), .. evidence]);
}
