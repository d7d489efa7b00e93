using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace WhatsOps.Backups;

/// <summary>
/// Makes one set: every part, then its manifest. A part that fails is made again from zero, three times in all, a minute apart. What is stored is in
/// the catalogue's rows, so a process that comes after a killed one goes on where that was.
/// </summary>
public sealed class BackupOrchestration
{
    private const int Attempts = 3;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    // The activities fail only when WhatsOps' own database does.
    private static readonly TaskOptions Patient = TaskOptions.FromRetryPolicy(new RetryPolicy(8, TimeSpan.FromSeconds(1), 2, TimeSpan.FromSeconds(30)));

    [Function(nameof(BackupOrchestration))]
    public async Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var set = context.GetInput<Guid>();
        var plan = await context.CallActivityAsync<BackupStep>(BackupActivities.Begin, set, Patient);
        foreach (var part in plan.Parts)
            for (var attempt = 1; plan.Problem is null; attempt++)
            {
                var made = await context.CallActivityAsync<BackupStep>(BackupActivities.MakePart, new PartCall(set, part), Patient);
                if (made.Problem is null) break;
                if (made.IsLasting || attempt == Attempts) plan = made;
                else await context.CreateTimer(RetryAfter, CancellationToken.None);
            }

        return await context.CallActivityAsync<string>(BackupActivities.End, new SetEnding(set, plan.Problem), Patient);
    }
}
