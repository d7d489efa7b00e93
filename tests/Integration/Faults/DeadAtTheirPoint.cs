using System.Collections.Concurrent;
using WhatsOps.Runbooks;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>
/// Many runs, each with its own crash point: a run that reaches its point stands still there, as a process does in the moment it dies. When all
/// stand, the engine is aborted once, and every run has died at its own point.
/// </summary>
internal sealed class DeadAtTheirPoint : IFaultPoints
{
    private readonly ConcurrentDictionary<Guid, CrashPoint> _points = new();
    private readonly ConcurrentDictionary<Guid, bool> _standing = new();
    private readonly TaskCompletionSource _death = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Set(Guid run, CrashPoint point) => _points[run] = point;

    public IEnumerable<string> Missing => _points.Where(pair => !_standing.ContainsKey(pair.Key)).Select(pair => pair.Value.Name);

    public void Die() => _death.SetException(new OperationCanceledException("The process is dead."));

    public async ValueTask ReachAsync(Guid runId, string step, Phase phase, FaultPoint point)
    {
        if (!_points.TryGetValue(runId, out var mine) || mine != new CrashPoint(step, phase, point)) return;
        _standing[runId] = true;
        await _death.Task;
    }
}
