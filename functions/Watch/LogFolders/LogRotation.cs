using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Whether the files of one log are rotated as the fleet file wants .</summary>
internal static class LogRotation
{
    private const long Megabyte = 1024 * 1024;

    // pm2-logrotate looks at sizes every 30 seconds, and logs go on in between.
    private const double Tolerance = 1.2;

    /// <summary>A file of the folder, as the archive lists it.</summary>
    internal sealed record Entry(string File, RotatedName Name, long Bytes);

    public static IEnumerable<Trouble> Troubles(LogFolderTarget target, string log, IReadOnlyList<Entry> files)
    {
        var name = $"{log} in {target.Path} of container {target.Container.Container}";
        if (files.Where(file => !file.Name.IsCompressed).MaxBy(file => file.Bytes) is { } largest && largest.Bytes > target.RotateMegabytes * Tolerance * Megabyte)
            yield return new(TroubleKinds.Misconfigured, Severity.Medium, $"{name} has a file of {largest.Bytes / Megabyte} MB ({largest.File}), and should be rotated at {target.RotateMegabytes}. Fix: pm2 set pm2-logrotate:max_size {target.RotateMegabytes}M, or size {target.RotateMegabytes}M of logrotate.") { Subject = $"{log} size" };
        var rotated = files.Where(file => file.Name.IsRotated).ToArray();
        if (rotated.Length > target.Keep)
            yield return new(TroubleKinds.Misconfigured, Severity.Low, $"{name} has {rotated.Length} rotated files, and {target.Keep} should be kept. Fix: pm2 set pm2-logrotate:retain {target.Keep}, or rotate {target.Keep} of logrotate.") { Subject = $"{log} files" };
        if (target.Compressed && rotated.Count(file => file.Name is { IsCompressed: false, IsNewest: false }) is > 0 and var plain)
            yield return new(TroubleKinds.Misconfigured, Severity.Low, $"{name} has {plain} rotated files that are not compressed. Fix: pm2 set pm2-logrotate:compress true, or compress of logrotate.") { Subject = $"{log} compression" };
    }
}
