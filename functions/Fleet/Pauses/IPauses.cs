namespace WhatsOps.Fleet;

/// <summary>The big red switch: while paused nothing acts, everything still observes. Every runbook step asks; answers are at most 5 seconds old.</summary>
public interface IPauses
{
    /// <summary>True when the system, or everything, is paused.</summary>
    ValueTask<bool> IsPausedAsync(string system, CancellationToken cancellation);

    /// <param name="system">Null pauses everything.</param>
    Task PauseAsync(string? system, string by, string? reason, CancellationToken cancellation);

    Task ResumeAsync(string? system, string by, CancellationToken cancellation);

    /// <summary>What is paused, by whom, since when; <c>*</c> is everything.</summary>
    Task<IReadOnlyList<Pause>> ListAsync(CancellationToken cancellation);
}
