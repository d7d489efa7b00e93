namespace WhatsOps.Watch;

/// <summary>Until when GitHub takes no requests of one token, whichever targets it is for; without a token, of this address. Targets are looked at at once.</summary>
internal sealed class GitHubPause
{
    private long _ticks;

    /// <summary>In the past: GitHub takes requests.</summary>
    public DateTimeOffset Until
    {
        get => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);
        set => Interlocked.Exchange(ref _ticks, value.UtcTicks);
    }
}
