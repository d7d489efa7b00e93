using Microsoft.Azure.Functions.Worker;

namespace WhatsOps.Runbooks;

/// <summary>The one activity behind every step.</summary>
public sealed class RunbookStepFunction(StepExecutor executor)
{
    [Function(RunbookMotor.Activity)]
    public Task<StepAnswer> Run([ActivityTrigger] StepCall call, CancellationToken cancellation) => executor.ExecuteAsync(call, cancellation);
}
