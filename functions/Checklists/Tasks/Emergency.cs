using System.Globalization;
using WhatsOps.Alerts;
using WhatsOps.Diagnosis;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Reports;

namespace WhatsOps.Checklists;

/// <summary>The manual's emergency procedure for one finding (R-135…R-139): five tasks, of which the machine does its own at once.</summary>
internal sealed class Emergency(IFindings findings, IDoctor doctor, IEnumerable<IAttemptedRemedies> remedies, TaskStore tasks, IAnnouncements announcements, IAuditTrail audit)
{
    private const int ChecksNamed = 20;

    /// <summary>Starts it, or does nothing when it was started for this finding before. Its tasks.</summary>
    /// <exception cref="ProblemException">404: the system has no such finding; 409: it is closed.</exception>
    public async Task<IReadOnlyList<HumanTask>> StartAsync(string system, long id, Operator caller, CancellationToken cancellation)
    {
        var finding = await findings.FindAsync(id, cancellation);
        if (finding is null || finding.System != system) throw new ProblemException(404, $"{system} has no finding {id.ToString(CultureInfo.InvariantCulture)}.", "$.finding", "List them: whatsops findings.");
        if (finding.State == FindingState.Closed) throw new ProblemException(409, $"Finding {id.ToString(CultureInfo.InvariantCulture)} is closed.", "$.finding", "There is no emergency any more.");
        var period = $"finding-{id.ToString(CultureInfo.InvariantCulture)}";
        var command = $"whatsops findings show {id.ToString(CultureInfo.InvariantCulture)}";
        var due = finding.Severity == Severity.Critical ? TimeSpan.FromMinutes(5) : TimeSpan.FromMinutes(30);
        var severity = finding.Severity.ToString().ToLowerInvariant();

        // Row by row: who died in the middle is followed by the next start.
        var known = (await TasksAsync(system, period, cancellation)).Select(task => task.Row).ToHashSet(StringComparer.Ordinal);
        await AddAsync("R-135", "Identify the severity of the problem", "Identificar severidade do problema", null, () =>
            Task.FromResult<TaskEvidence[]>([new("finding", false, $"WhatsOps says {severity}: {finding.Cause}", command)]));
        await AddAsync("R-136", "Basic troubleshooting", "Executar troubleshooting básico", TaskState.Done, () => ExamineAsync(system, cancellation));
        await AddAsync("R-137", "Document what was tried", "Documentar tentativas de correção", TaskState.Done, () => TriedAsync(finding, command, cancellation));
        await AddAsync("R-138", "Escalate as necessary", "Escalar conforme necessário", TaskState.Done, () => EscalateAsync(finding, command, caller, cancellation));
        await AddAsync("R-139", "Tell the stakeholders how it stands", "Comunicar status aos stakeholders", null, () => Task.FromResult(Templates(finding)));
        if (known.Count == 0)
            await audit.RecordAsync(caller.Name, "task.emergency", system, finding.Tenant, $"finding {id.ToString(CultureInfo.InvariantCulture)} {finding.Kind}", cancellation);
        return await TasksAsync(system, period, cancellation);

        async Task AddAsync(string row, string title, string titlePt, TaskState? settled, Func<Task<TaskEvidence[]>> evidence)
        {
            if (!known.Contains(row)) await tasks.AddAsync(new(system, row, "emergency", period, title, titlePt, due, await evidence()) { Settled = settled }, cancellation);
        }
    }

    private async Task<IReadOnlyList<HumanTask>> TasksAsync(string system, string period, CancellationToken cancellation) =>
        [.. (await tasks.ListAsync(system, null, 1000, cancellation)).Where(task => task.Checklist == "emergency" && task.Period == period).OrderBy(task => task.Row, StringComparer.Ordinal)];

    private async Task<TaskEvidence[]> EscalateAsync(Finding finding, string command, Operator caller, CancellationToken cancellation)
    {
        await announcements.AnnounceAsync(
            finding.System, $"emergency/{finding.System}/{finding.Id.ToString(CultureInfo.InvariantCulture)}",
            $"🚨 EMERGENCY: WhatsApp Integration – {finding.Kind}{(finding.Tenant is null ? "" : $", tenant {finding.Tenant}")} ({finding.System}), started by {caller.Name}",
            language =>
            {
                var texts = AlertTexts.In(language);
                return
                [
                    new(texts.Severity, texts.SeverityName(finding.Severity), true), new(texts.Since, ReportText.Time(finding.OpenedAt), true), new(texts.Cause, texts.CauseOf(finding), false),
                    new(texts.Next, $"{command}\nwhatsops tasks --system {finding.System}", false),
                ];
            },
            cancellation);
        return [new("alerts", true, $"Every alert route was told, on the word of {caller.Name}.", command)];
    }

    private static TaskEvidence[] Templates(Finding finding)
    {
        var since = ReportText.Time(finding.OpenedAt);
        return
        [
            new("template.en", true, $"We have a problem with WhatsApp ({finding.Kind}{(finding.Tenant is null ? "" : $", customer {finding.Tenant}")}) since {since}. We are working on it and will write again within the hour."),
            new("template.pt-BR", true, $"Temos um problema com o WhatsApp ({finding.Kind}{(finding.Tenant is null ? "" : $", cliente {finding.Tenant}")}) desde {since}. Estamos trabalhando nisso e escreveremos de novo dentro de uma hora."),
        ];
    }

    private async Task<TaskEvidence[]> ExamineAsync(string system, CancellationToken cancellation)
    {
        var bad = (await doctor.ExamineAsync(cancellation)).Where(check => (check.System is null || check.System == system) && check.Status != DoctorStatus.Ok).Take(ChecksNamed).ToArray();
        return bad.Length == 0
            ? [new("doctor", true, "Every endpoint, key, permission and clock is as it should be.", "whatsops doctor")]
            : [.. bad.Select(check => new TaskEvidence("doctor", false, $"{check.Check} {check.Target}: {check.Detail}{(check.Fix is null ? "" : $" Fix: {check.Fix}")}", "whatsops doctor"))];
    }

    private async Task<TaskEvidence[]> TriedAsync(Finding finding, string command, CancellationToken cancellation)
    {
        var tried = new List<string>();
        foreach (var remedy in remedies)
            tried.AddRange((await remedy.ForAsync(finding, cancellation)).Select(one => $"{one.Runbook} by {one.By} at {ReportText.Time(one.At)}: {one.State}"));
        var history = await findings.HistoryAsync(finding.Id, cancellation);
        return
        [
            new("runs", true, tried.Count == 0 ? "No runbook was run." : string.Join("; ", tried) + ".", finding.Tenant is null ? null : $"whatsops tenant {finding.Tenant} --system {finding.System}"),
            new("history", true, string.Join("; ", history.Select(change => $"{ReportText.Time(change.At)} {change.Change}{(change.By is null ? "" : $" by {change.By}")}")) + ".", command),
        ];
    }
}
