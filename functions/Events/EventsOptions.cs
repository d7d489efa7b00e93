using Microsoft.Extensions.Configuration;

namespace WhatsOps.Events;

/// <summary>Limits of the receiver and of what it keeps. Every one is a setting of the same name with the prefix <c>Events</c>.</summary>
public sealed record EventsOptions
{
    /// <summary>Bytes of a body that are kept; of a bigger one only its envelope is. Setting <c>EventsMaxBodyBytes</c>.</summary>
    public int MaxBodyBytes { get; init; } = 1024 * 1024;

    /// <summary>Levels of JSON; a deeper body is kept unread. Setting <c>EventsMaxJsonDepth</c>.</summary>
    public int MaxJsonDepth { get; init; } = 64;

    /// <summary>Events that may wait for a commit; more are answered 503. Setting <c>EventsMaxWaiting</c>.</summary>
    public int MaxWaiting { get; init; } = 5_000;

    /// <summary>Bytes of bodies that may wait for a commit. Setting <c>EventsMaxWaitingBytes</c>.</summary>
    public long MaxWaitingBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Seconds a commit may take before its requests are answered 503. Setting <c>EventsCommitSeconds</c>.</summary>
    public int CommitSeconds { get; init; } = 8;

    /// <summary>Identical state events of one instance stored per minute; the rest is a storm. Setting <c>EventsStormThreshold</c>.</summary>
    public int StormThreshold { get; init; } = 5;

    /// <summary>Days that bodies are kept; then ids, names and times only. Setting <c>EventsBodyDays</c>.</summary>
    public int BodyDays { get; init; } = 7;

    /// <summary>Days that events are kept. Setting <c>EventsDays</c>.</summary>
    public int Days { get; init; } = 30;

    /// <summary>Days that a repeated event is known as one. Setting <c>EventsKeyDays</c>; at least 7.</summary>
    public int KeyDays { get; init; } = 8;

    public static EventsOptions From(IConfiguration configuration)
    {
        var defaults = new EventsOptions();
        return new()
        {
            MaxBodyBytes = (int)Read(nameof(MaxBodyBytes), defaults.MaxBodyBytes, 1024, 64 * 1024 * 1024),
            MaxJsonDepth = (int)Read(nameof(MaxJsonDepth), defaults.MaxJsonDepth, 8, 512),
            MaxWaiting = (int)Read(nameof(MaxWaiting), defaults.MaxWaiting, 1, 1_000_000),
            MaxWaitingBytes = Read(nameof(MaxWaitingBytes), defaults.MaxWaitingBytes, 1024, long.MaxValue),
            CommitSeconds = (int)Read(nameof(CommitSeconds), defaults.CommitSeconds, 1, 60),
            StormThreshold = (int)Read(nameof(StormThreshold), defaults.StormThreshold, 1, 1_000_000),
            BodyDays = (int)Read(nameof(BodyDays), defaults.BodyDays, 1, 3650),
            Days = (int)Read(nameof(Days), defaults.Days, 1, 3650),
            KeyDays = (int)Read(nameof(KeyDays), defaults.KeyDays, 7, 3650),
        };

        long Read(string name, long missing, long min, long max) => configuration["Events" + name] switch
        {
            null or "" => missing,
            var text when long.TryParse(text, out var value) && value >= min && value <= max => value,
            var text => throw new InvalidOperationException($"Setting Events{name} is '{text}'. Fix: a number from {min} to {max}, or remove it."),
        };
    }
}
