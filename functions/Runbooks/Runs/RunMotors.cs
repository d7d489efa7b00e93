using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace WhatsOps.Runbooks;

/// <summary>The orchestrations that move runs on: one per run, found by the run's id, replaceable, because the rows are the truth.</summary>
public sealed class RunMotors(RunbookCatalogue catalogue, ILogger<RunMotors> log)
{
    /// <summary>Starts the run's orchestration unless it runs. A failure is logged only: the reconciler tries again.</summary>
    public async Task StartAsync(DurableTaskClient client, Run run, CancellationToken cancellation)
    {
        try
        {
            var existing = await client.GetInstanceAsync(run.Orchestration, cancellation);
            if (existing is { IsCompleted: false }) return;
            var runbook = catalogue.Get(run.Plan.Runbook, run.Plan.Version);
            await client.ScheduleNewOrchestrationInstanceAsync(runbook.Orchestrator, run.Id, new StartOrchestrationOptions(run.Orchestration), cancellation);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            log.LogWarning("The orchestration of run {Run} did not start: {Problem}", run.Id, Harmless.Sentence(problem));
        }
    }

    /// <summary>Makes a waiting orchestration read the rows now. A failure is logged only.</summary>
    public async Task WakeAsync(DurableTaskClient client, Run run, CancellationToken cancellation)
    {
        try
        {
            await client.RaiseEventAsync(run.Orchestration, RunbookMotor.Wake, "", cancellation);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            log.LogWarning("The orchestration of run {Run} was not woken: {Problem}", run.Id, Harmless.Sentence(problem));
        }
    }
}
