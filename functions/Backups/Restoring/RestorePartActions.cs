using System.Security.Cryptography;
using WhatsOps.Fleet;
using WhatsOps.Runbooks;

namespace WhatsOps.Backups;

/// <summary>The steps of <see cref="RestorePart"/>.</summary>
public sealed class RestorePartActions(IServiceProvider services) : RestoreActions(services)
{
    internal Task<RunTarget> PrepareAsync(FleetSystem system, RunTarget target, CancellationToken cancellation) => Plan.PartAsync(system, target, cancellation);

    internal Task<StepResult> PutBackAsync(StepContext step, CancellationToken cancellation) => TryAsync(async () =>
        await PutBackAsync(step, await FindAsync(step, cancellation), cancellation));

    internal Task<StepResult> TakeBackAsync(StepContext step, CancellationToken cancellation) => TryAsync(async () =>
        await Get<SafetyBackup>().FindAsync(step, cancellation) is { } safety
            ? await PutBackAsync(step, await FindAsync(step, safety.Id, cancellation), cancellation)
            : StepResult.Failed("The safety backup is not in the catalogue."));

    internal Task<StepResult> IsWellAsync(StepContext step, CancellationToken cancellation) => ProveAsync(step, server: null, cancellation);

    private async Task<StepResult> PutBackAsync(StepContext step, (BackupManifest Set, BackupPart Part) from, CancellationToken cancellation)
    {
        try
        {
            await using var content = await Get<PartReader>().OpenAsync(from.Set, from.Part, cancellation);
            return StepResult.Done(await Get<PartRestorers>().For(from.Part).PutBackAsync(step.System, from.Part, content, cancellation));
        }
        catch (Exception problem) when (problem is CryptographicException or InvalidDataException)
        {
            return StepResult.Failed($"Part {from.Part.Name} does not open: {problem.Message}");
        }
    }
}
