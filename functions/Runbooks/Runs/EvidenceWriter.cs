using System.Text.Json;
using Npgsql;
using WhatsOps.Blobs;

namespace WhatsOps.Runbooks;

/// <summary>Proof of what a run did, for whoever asks later: plan, approvals, every step with what was read back. No secrets: only what steps call facts.</summary>
public sealed class EvidenceWriter(RunStore runs, IBlobStore blobs, NpgsqlDataSource database)
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerOptions.Web) { WriteIndented = true };

    public static string PathOf(Run run) => $"evidence/{run.Target.System}/{run.Target.Tenant}/{run.Id}/run.json";

    /// <summary>Writes the blob and notes its path in the run. Writing twice gives the same content.</summary>
    /// <param name="state">The final state, which the row may not have yet.</param>
    public async Task WriteAsync(Run run, RunState state, CancellationToken cancellation)
    {
        var steps = await runs.StepsAsync(run.Id, cancellation);
        var evidence = new
        {
            run.Id,
            State = state,
            run.Reason,
            run.RequestedBy,
            run.ApprovedBy,
            run.ApprovedAt,
            run.CancelBy,
            run.StartedAt,
            PointOfNoReturnAt = run.CommittedAt,
            run.FailedStep,
            run.Failure,
            run.PlanHash,
            run.Plan,
            Steps = steps.Select(step => new { step.Step, step.Phase, step.Status, step.Attempts, step.FirstAt, step.EndedAt, step.Detail, step.Facts, step.AnsweredBy }),
        };
        await blobs.PutAsync(PathOf(run), BinaryData.FromObjectAsJson(evidence, Readable), "application/json", overwrite: true, cancellation);
        await using var command = database.CreateCommand("UPDATE whatsops.runs SET evidence = $2 WHERE id = $1");
        command.Parameters.Add(new() { Value = run.Id });
        command.Parameters.Add(new() { Value = PathOf(run) });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
