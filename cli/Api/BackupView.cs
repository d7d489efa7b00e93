using System.Globalization;

namespace WhatsOps.Cli.Api;

/// <summary>A backup set as the API tells of it.</summary>
internal sealed record BackupView(
    Guid Id, string System, string State, DateTimeOffset RequestedAt, long? Bytes, BackupProgressView? Progress, string? Problem, DateTimeOffset? TestedAt, double? RestoreSeconds,
    string? TestProblem, string? HeldBy, BackupManifestView? Manifest)
{
    public bool IsRunning => string.Equals(State, "running", StringComparison.OrdinalIgnoreCase);

    public bool IsComplete => string.Equals(State, "complete", StringComparison.OrdinalIgnoreCase);

    /// <summary>How it went, or how far it is.</summary>
    public string Words => Problem ?? (Progress is { } progress ? progress.Words : Tested);

    private string Tested => TestProblem is { } problem ? $"does not restore: {problem}"
        : TestedAt is { } at ? string.Create(CultureInfo.InvariantCulture, $"restored {at.LocalDateTime:yyyy-MM-dd HH:mm} in {RestoreSeconds:0.0} s") : "not restored yet";
}
