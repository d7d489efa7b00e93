using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>What a look at a release has seen so far.</summary>
internal sealed class ReleaseSight
{
    public List<Measure> Measures { get; } = [];

    public List<Trouble> Troubles { get; } = [];

    /// <summary>True: something was not seen that may be the next time.</summary>
    public bool IsPartial { get; private set; }

    /// <param name="what">Begins the sentence: <c>Its checks</c>.</param>
    public void NotSeen<T>(string subject, string what, GitHubAnswer<T> answer)
        where T : class => NotSeen(subject, what, answer.Words, answer.IsPassing);

    public void NotSeen(string subject, string what, string words, bool isPassing)
    {
        IsPartial |= isPassing;
        Troubles.Add(new(TroubleKinds.NotObservable, Severity.Low, $"{what} cannot be seen. {words}") { Subject = subject });
    }
}
