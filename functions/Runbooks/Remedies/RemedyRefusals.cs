using System.Collections.Concurrent;

namespace WhatsOps.Runbooks;

/// <summary>
/// Old findings whose runbook saw no need when it was planned: each try asks the gateway, so the next waits a while. Only a cache: another process, or this one
/// after its restart, asks once more.
/// </summary>
public sealed class RemedyRefusals(TimeProvider time)
{
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(15);
    private readonly ConcurrentDictionary<long, DateTimeOffset> _until = new();

    public void Add(long finding)
    {
        var now = time.GetUtcNow();
        foreach (var (old, until) in _until)
            if (until <= now) _until.TryRemove(old, out _);
        _until[finding] = now + Rest;
    }

    public bool Holds(long finding) => _until.TryGetValue(finding, out var until) && time.GetUtcNow() < until;
}
