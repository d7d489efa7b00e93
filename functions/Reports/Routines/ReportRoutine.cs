using WhatsOps.Alerts;
using WhatsOps.Fleet;
using WhatsOps.Routines;

namespace WhatsOps.Reports;

/// <summary>Makes a report by the clock, keeps it, and tells the alert routes that it is there.</summary>
internal abstract class ReportRoutine(IReportMaker maker, ReportArchive archive, IAnnouncements announcements) : IRoutine
{
    public abstract string Name { get; }

    public abstract string Summary { get; }

    public abstract string DefaultSchedule { get; }

    public async Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation)
    {
        var made = await maker.MakeAsync(call.System, maker.Window(call.Due, call.Zone), cancellation);
        await JudgeAsync(call.System, made, cancellation);
        var path = await archive.StoreAsync(made.Report, Name, call.Due, call.Zone, cancellation);
        await announcements.AnnounceAsync(
            call.System.Name, path, $"📊 INFO: WhatsApp Integration Report – {made.Report.Layout().Title} ({call.System.Name})",
            [
                new("System", call.System.Name, true), new("Window", $"{ReportText.Time(made.Report.Head.From)} to {ReportText.Time(made.Report.Head.To)}", true),
                new("Summary", made.Report.Summary(), false), .. made.Report.Head.Notes.Select(note => new AlertField("Missing", note, false)),
                new("Next", $"whatsops report show {path}.html --out report.html", false),
            ],
            cancellation);
        return new(made.IsComplete, made.Report.Summary(), made.Report);
    }

    /// <summary>What is wrong by this report.</summary>
    protected virtual Task JudgeAsync(FleetSystem system, MadeReport made, CancellationToken cancellation) => Task.CompletedTask;
}
