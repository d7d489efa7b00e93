using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>What a look at a release has seen so far.</summary>
internal sealed class ReleaseSight
{
    public List<Measure> Measures { get; } = [];

    public List<Trouble> Troubles { get; } = [];

    /// <summary>Parts that were not seen, by the subjects of their findings.</summary>
    public List<string> Unseen { get; } = [];

    /// <param name="what">Begins the sentence: <c>Its checks</c>.</param>
    public void NotSeen(string subject, string what, string words)
    {
        Unseen.Add(subject);
        Troubles.Add(new(TroubleKinds.NotObservable, Severity.Low, $"{what} cannot be seen. {words}") { Subject = subject });
    }
}
