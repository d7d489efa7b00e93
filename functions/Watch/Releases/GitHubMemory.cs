using System.Collections.Concurrent;
using System.Net.Http.Headers;

namespace WhatsOps.Watch;

/// <summary>What is known of one target from its last looks: answers by their entity tags, which with a token cost nothing to be confirmed.</summary>
internal sealed class GitHubMemory
{
    private readonly ConcurrentDictionary<string, (EntityTagHeaderValue Tag, object Answer, int Look)> _known = new(StringComparer.Ordinal);
    private int _look;

    public (EntityTagHeaderValue? Tag, GitHubAnswer<T>? Answer) Find<T>(string path)
        where T : class => _known.TryGetValue(path, out var known) && known.Answer is GitHubAnswer<T> answer ? (known.Tag, answer) : (null, null);

    public void Keep<T>(string path, EntityTagHeaderValue? tag, GitHubAnswer<T> answer)
        where T : class
    {
        if (tag is null) _known.TryRemove(path, out _);
        else _known[path] = (tag, answer, _look);
    }

    /// <summary>A whole look is done: what it did not ask for is of older commits.</summary>
    public void Finish()
    {
        foreach (var (path, known) in _known)
            if (known.Look != _look) _known.TryRemove(path, out _);
        _look++;
    }
}
