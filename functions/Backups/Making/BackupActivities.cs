using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Backups;

/// <summary>The activities of <see cref="BackupOrchestration"/>.</summary>
public sealed class BackupActivities(IServiceProvider services)
{
    public const string Begin = "BackupBegin";
    public const string MakePart = "BackupPart";
    public const string End = "BackupEnd";

    // The generated code of the official host makes function classes public, the maker is not.
    private BackupMaker Maker => services.GetRequiredService<BackupMaker>();

    [Function(Begin)]
    public Task<BackupStep> RunBegin([ActivityTrigger] Guid set, CancellationToken cancellation) => Maker.BeginAsync(set, cancellation);

    [Function(MakePart)]
    public Task<BackupStep> RunPart([ActivityTrigger] PartCall call, CancellationToken cancellation) => Maker.MakePartAsync(call.Set, call.Part, cancellation);

    [Function(End)]
    public Task<string> RunEnd([ActivityTrigger] SetEnding ending, CancellationToken cancellation) => Maker.EndAsync(ending.Set, ending.Problem, cancellation);
}
