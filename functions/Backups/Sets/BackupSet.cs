namespace WhatsOps.Backups;

/// <summary>One line of the catalogue.</summary>
public sealed record BackupSet
{
    public required string System { get; init; }

    public required Guid Id { get; init; }

    public required BackupState State { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public string? RequestedBy { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Bytes stored, all parts.</summary>
    public long? Bytes { get; init; }

    /// <summary>While it runs: which part, how far.</summary>
    public BackupProgress? Progress { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Problem { get; init; }

    /// <summary>When it was restored into a scratch database and counted, with success.</summary>
    public DateTimeOffset? TestedAt { get; init; }

    /// <summary>How long that restore took, in seconds: the best guess of how long a real one takes.</summary>
    public double? RestoreSeconds { get; init; }

    /// <summary>Why the last restore test failed; null after one that passed.</summary>
    public string? TestProblem { get; init; }

    /// <summary>Who holds it: never deleted until released.</summary>
    public string? HeldBy { get; init; }

    public BackupManifest? Manifest { get; init; }
}
