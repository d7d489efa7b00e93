namespace WhatsOps.Fleet;

/// <summary>
/// Something that must be renewed and that no probe can see: a provider's token, a verify token, a password. Either <see cref="Expires"/>, or
/// <see cref="Changed"/> and <see cref="EveryDays"/>. What it is, never the secret.
/// </summary>
public sealed record RenewalTarget : WatchTarget
{
    public RenewalTarget() => EverySeconds = 3600;

    /// <summary>For people: <c>Meta system user token</c>.</summary>
    public required string What { get; init; }

    /// <summary>The last day on which it works.</summary>
    public DateOnly? Expires { get; init; }

    /// <summary>The day on which it was renewed last.</summary>
    public DateOnly? Changed { get; init; }

    /// <summary>Days after <see cref="Changed"/> by which it must be renewed, 1 to 3,650; null: there is no such rule.</summary>
    public int? EveryDays { get; init; }

    /// <summary>Days before its day from which it is a finding, 1 to 365; a fifth of them, and it is a high one.</summary>
    public int DaysBefore { get; init; } = 14;

    /// <summary>How it is renewed, or by whom: a sentence or a page for whoever gets the finding; no secret.</summary>
    public string? How { get; init; }

    /// <summary>The day by which it must be renewed; null: the file does not say.</summary>
    public DateOnly? Due() => Expires ?? (Changed is { } changed && EveryDays is { } days ? changed.AddDays(days) : null);
}
