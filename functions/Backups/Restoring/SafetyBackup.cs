using WhatsOps.Fleet;
using WhatsOps.Runbooks;

namespace WhatsOps.Backups;

/// <summary>The backup that a run makes before it changes anything. Found again by the run's name, so a repeat after a crash makes no second one.</summary>
internal sealed class SafetyBackup(BackupDesk desk, BackupCatalogue catalogue)
{
    private const int Newest = 20;

    public async Task<StepResult> BeginAsync(StepContext step, CancellationToken cancellation)
    {
        if (await FindAsync(step, cancellation) is { } begun) return StepResult.Done($"Set {begun.Id} is being made.", ("set", begun.Id.ToString()));
        try
        {
            var set = await desk.RequestAsync(step.System.Name, Asker(step), cancellation);
            return StepResult.Done($"Set {set.Id} is being made.", ("set", set.Id.ToString()));
        }
        catch (ProblemException problem)
        {
            // One that the clock asked for is being made: afterwards ours, which has what was written meanwhile.
            return StepResult.NotYet(problem.Message);
        }
    }

    public async Task<StepResult> IsCompleteAsync(StepContext step, CancellationToken cancellation) => await FindAsync(step, cancellation) switch
    {
        { State: BackupState.Complete } set => StepResult.Done($"Set {set.Id} is complete.", ("set", set.Id.ToString())),
        { State: BackupState.Running, Progress: { } progress } => StepResult.NotYet($"{progress.Bytes / 1e6:N0} MB of {progress.Part} are read."),
        { State: BackupState.Running } => StepResult.NotYet("It is being made."),
        { } set => StepResult.Failed($"The safety backup failed: {set.Problem} Without one: parameter safety=no."),
        null => StepResult.Failed("The safety backup is not in the catalogue."),
    };

    /// <summary>The set that this run began; null when it did not.</summary>
    public async Task<BackupSet?> FindAsync(StepContext step, CancellationToken cancellation) =>
        (await catalogue.ListAsync(step.System.Name, null, Newest, cancellation)).FirstOrDefault(set => set.RequestedBy == Asker(step));

    private static string Asker(StepContext step) => $"run {step.RunId}";
}
