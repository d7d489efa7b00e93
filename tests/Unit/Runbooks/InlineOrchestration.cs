using System.Reflection;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WhatsOps.Runbooks;

namespace WhatsOps.Tests.Runbooks;

/// <summary>Runs an orchestrator in place, without history: activities are a delegate, timers really wait (and not at all by default).</summary>
internal sealed class InlineOrchestration(Guid runId, Func<StepCall, Task<StepAnswer>> activity, bool realTimers = false) : TaskOrchestrationContext
{
    private bool _again;

    public int Generations { get; private set; }

    public override TaskName Name => "inline";

    public override string InstanceId => Run.OrchestrationOf(runId);

    public override ParentOrchestrationInstance? Parent => null;

    public override DateTime CurrentUtcDateTime => TimeProvider.System.GetUtcNow().UtcDateTime;

    public override bool IsReplaying => false;

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    /// <summary>The orchestrator's output, after as many ContinueAsNew as it asked for.</summary>
    public async Task<string> RunAsync(Runbook runbook)
    {
        while (true)
        {
            _again = false;
            Generations++;
            var output = await RunbookMotor.RunAsync(this, runbook);
            if (!_again) return output;
        }
    }

    public override T GetInput<T>() => (T)(object)runId;

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        Assert.Equal(RunbookMotor.Activity, name.Name);
        Assert.NotNull(options?.Retry?.Policy);
        return (TResult)(object)await activity((StepCall)input!);
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
        throw new NotSupportedException();

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        var wait = fireAt - CurrentUtcDateTime;
        return realTimers && wait > TimeSpan.Zero ? Task.Delay(wait, cancellationToken) : Task.CompletedTask;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        var never = new TaskCompletionSource<T>();
        cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
        return never.Task;
    }

    public override void SendEvent(string instanceId, string eventName, object payload) => throw new NotSupportedException();

    public override void SetCustomStatus(object? customStatus)
    {
        // Names only: a status is shown to everybody.
        foreach (var property in customStatus?.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance) ?? [])
            Assert.True(property.Name is "step" or "phase", property.Name);
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
    {
        Assert.Equal(runId, newInput);
        Assert.True(preserveUnprocessedEvents);
        _again = true;
    }

    public override Guid NewGuid() => throw new NotSupportedException();
}
