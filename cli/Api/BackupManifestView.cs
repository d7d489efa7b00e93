namespace WhatsOps.Cli.Api;

/// <summary>What the API tells of a set's parts.</summary>
internal sealed record BackupManifestView(IReadOnlyList<BackupManifestView.Part> Parts)
{
    /// <param name="Kind">postgres, redis, files or fleet.</param>
    internal sealed record Part(string Name, string Kind);
}
