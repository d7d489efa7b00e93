using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using WhatsOps.Runbooks;

namespace WhatsOps.Backups;

/// <summary>What every restore does: checks the set, makes a safety backup, stops and starts the product.</summary>
public abstract class RestoreActions(IServiceProvider services)
{
    internal const string Services = "services";
    internal const string People = "people";

    // The generated code of the official host makes runbooks and their actions public, these are not.
    private protected BackupSources Sources => Get<BackupSources>();

    private protected RestorePlan Plan => Get<RestorePlan>();

    internal Task<StepResult> CheckSetAsync(StepContext step, CancellationToken cancellation) => TryAsync(async () =>
    {
        var (_, part) = await FindAsync(step, cancellation);
        await Get<PartReader>().VerifyAsync(part, cancellation);
        return StepResult.Done(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{part.Bytes / 1e6:N1} MB are what was stored."), ("sha256", part.Sha256));
    });

    internal Task<StepResult> BeginBackupAsync(StepContext step, CancellationToken cancellation) => Get<SafetyBackup>().BeginAsync(step, cancellation);

    internal Task<StepResult> IsBackedUpAsync(StepContext step, CancellationToken cancellation) => Get<SafetyBackup>().IsCompleteAsync(step, cancellation);

    internal static Task<StepResult> HowAsync(StepContext step, CancellationToken cancellation) => Task.FromResult(step.System.Backup?.Services is { Count: > 0 } names
        ? StepResult.Chose(Services, $"{names.Count} containers are named in backup.services.")
        : StepResult.Chose(People, "The fleet file names no containers in backup.services."));

    internal Task<StepResult> StopAsync(StepContext step, CancellationToken cancellation) => Get<ProductServices>().StopAsync(step, cancellation);

    internal Task<StepResult> StartAsync(StepContext step, CancellationToken cancellation) => Get<ProductServices>().StartAsync(step, cancellation);

    // Null: no database was restored.
    private protected async Task<StepResult> ProveAsync(StepContext step, NpgsqlConnectionStringBuilder? server, CancellationToken cancellation)
    {
        var seen = await Get<RestoreProof>().LookAsync(step, server, cancellation);
        return seen.Missing is { } missing ? StepResult.NotYet(missing) : StepResult.Done(seen.Found, ("found", seen.Found));
    }

    private protected T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    private protected static string Fact(StepContext step, string name) => step.Target.Facts![name];

    private protected static bool IsGiven(StepContext step, string parameter) => step.Target.Parameters?.ContainsKey(parameter) == true;

    private protected Task<(BackupManifest Set, BackupPart Part)> FindAsync(StepContext step, CancellationToken cancellation) => FindAsync(step, Guid.Parse(Fact(step, "setId")), cancellation);

    private protected async Task<(BackupManifest Set, BackupPart Part)> FindAsync(StepContext step, Guid id, CancellationToken cancellation)
    {
        var set = await Get<BackupCatalogue>().FindAsync(id, cancellation);
        if (set is not { State: BackupState.Complete, Manifest: { } manifest } || set.System != step.System.Name) throw new BackupException($"Set {id} is no longer there.", isLasting: true);
        return (manifest, manifest.Parts.FirstOrDefault(part => part.Name == Fact(step, "partName")) ?? throw new BackupException($"Set {id} has no part {Fact(step, "partName")}.", isLasting: true));
    }

    private protected static async Task<StepResult> TryAsync(Func<Task<StepResult>> act)
    {
        try
        {
            return await act();
        }
        catch (BackupException problem)
        {
            return problem.IsLasting ? StepResult.Failed(problem.Message) : StepResult.Retry(problem.Message);
        }
    }
}
