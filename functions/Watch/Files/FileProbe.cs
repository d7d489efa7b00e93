using System.Text;
using System.Text.RegularExpressions;
using WhatsOps.Containers;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>Looks at files in containers: who may read them (R-246), and what configuration says (R-366, R-367).</summary>
internal sealed class FileProbe(FileContent files, ContainerHost containers, TimeProvider time) : IProbe
{
    /// <summary>Longer than any configuration takes: some other file may be made to take for ever.</summary>
    public const int RegexMilliseconds = 1000;

    private const int MostBytes = 1024 * 1024;
    private const string Keys = "0600";
    private const string Others = "0640";

    public IEnumerable<Look> LooksAt(FleetSystem system) => (system.Watch?.Files ?? []).Select(target =>
        new Look("file/" + target.Name, TimeSpan.FromSeconds(target.EverySeconds), Look.UsualPatience, cancellation => ContainerReading.OfAsync(() => ReadAsync(system, target, cancellation))));

    private async Task<Reading> ReadAsync(FleetSystem system, FileTarget target, CancellationToken cancellation)
    {
        var name = $"{target.Path} of container {target.Container.Container}";
        if (await files.FindAsync(target.Container, target.Path, cancellation) is not { } found) return Reading.Absent($"There is no {name}. Fix: docker exec {target.Container.Container} ls -la {Path.GetDirectoryName(target.Path)}.");
        if (!found.Stat.IsFile || FileContent.Output(found.Path) is not null) return Reading.Absent($"{name} is no file.");

        var mode = Convert.ToString(found.Stat.Permissions, 8).PadLeft(4, '0');
        List<Trouble> troubles = [.. Wide(target, name, found.Stat.Permissions, mode)];
        List<Measure> measures = [new("file.size.bytes", found.Stat.Size)];
        var words = $"It has {found.Stat.Size} bytes and mode {mode}.";
        if (target.Shape == FileShape.None) return Reading.Seen(words, measures, troubles);
        if (await TextAsync(target, found.Path, cancellation) is not { } text) return Reading.Seen(words, measures, [.. troubles, NotRead(name)]);
        try
        {
            var (differing, more) = target.Shape == FileShape.Nginx ? (NginxSettings.Check(target, text), null) : await Pm2Async(system, target, text, cancellation);
            measures.Add(new("file.settings.differing", differing.Count(trouble => trouble.Kind == TroubleKinds.Misconfigured)));
            return Reading.Seen(more is null ? words : $"{words} {more}", measures, [.. troubles, .. differing]);
        }
        catch (RegexMatchTimeoutException)
        {
            return Reading.Seen(words, measures, [.. troubles, NotRead(name)]);
        }
    }

    private static Trouble NotRead(string name) =>
        new(TroubleKinds.NotObservable, Severity.Low, $"{name} is longer than a configuration is, or is none, and is not read.") { Subject = "content" };

    private static IEnumerable<Trouble> Wide(FileTarget target, string name, int permissions, string mode)
    {
        if (WidestOf(target) is not { } widest) yield break;
        var more = permissions & ~Convert.ToInt32(widest, 8);
        if (more == 0) yield break;
        var everybody = (more & 7) != 0;
        yield return new(TroubleKinds.Exposed, everybody ? Severity.High : Severity.Medium, $"{name} has mode {mode}, wider than {widest}: {(everybody ? "every user" : "its group")} of the container can {((more & 0b010_010_010) != 0 ? "change" : (more & 0b100_100_100) != 0 ? "read" : "run")} it. Fix: chmod {widest} {target.Path}, where it is mounted from.") { Subject = "mode" };
    }

    private static string? WidestOf(FileTarget target) =>
        target.Mode ?? (target.Shape != FileShape.None ? null : target.Path.EndsWith(".key", StringComparison.OrdinalIgnoreCase) || target.Path.EndsWith(".pem", StringComparison.OrdinalIgnoreCase) ? Keys : Others);

    private async Task<(IReadOnlyList<Trouble> Troubles, string? Words)> Pm2Async(FleetSystem system, FileTarget target, string text, CancellationToken cancellation)
    {
        var environment = (await containers.InspectAsync(target.Container, cancellation))?.Config?.Env ?? [];
        var zone = environment.LastOrDefault(variable => variable.StartsWith("TZ=", StringComparison.Ordinal))?[3..];
        return Pm2Settings.Check(system, target, text, zone, time.GetUtcNow());
    }

    // Null: too long.
    private Task<string?> TextAsync(FileTarget target, string path, CancellationToken cancellation) => files.ReadAsync(target.Container, path, async (content, length) =>
    {
        if (length > MostBytes) return null;
        // Never more than there is, as in FileTail.
        var bytes = new byte[length];
        await content.ReadExactlyAsync(bytes, cancellation);
        return Encoding.UTF8.GetString(bytes);
    }, cancellation);
}
