using System.Globalization;
using System.Text;
using Docker.DotNet;

namespace WhatsOps.Watch;

/// <summary>Lines out of an engine's log stream: of both outputs, across frames, each with the time that the engine put before it.</summary>
internal static class LogReader
{
    /// <summary>Bytes of one look. What is above it is not read: the count of that look is too low, and a trouble says so.</summary>
    public const int MostBytes = 1024 * 1024;

    // Docker cuts lines at 16 KB by itself.
    private const int LongestLine = 16 * 1024 + 64;

    /// <summary>
    /// The lines from <paramref name="since"/> to before <paramref name="until"/>, both whole seconds: podman's times are no finer, so every line falls into
    /// exactly one look.
    /// </summary>
    /// <param name="each">Called for each line, in the order of its output.</param>
    /// <param name="most">Bytes that are read at most.</param>
    /// <returns>True: the log had more than that.</returns>
    public static async Task<bool> ReadAsync(MultiplexedStream stream, DateTimeOffset since, DateTimeOffset until, Action<LogLine> each, CancellationToken cancellation, long most = MostBytes)
    {
        var buffer = new byte[16 * 1024];
        var rests = new Dictionary<MultiplexedStream.TargetStream, MemoryStream>();
        var read = 0L;
        while (await stream.ReadOutputAsync(buffer, 0, buffer.Length, cancellation) is { EOF: false } part)
        {
            if ((read += part.Count) > most) return true;
            // A line begun on one output may be cut by one on the other.
            if (!rests.TryGetValue(part.Target, out var rest)) rests[part.Target] = rest = new MemoryStream();
            foreach (var octet in buffer.AsSpan(0, part.Count))
            {
                if (octet == '\n') End(rest);
                else if (rest.Length < LongestLine) rest.WriteByte(octet);
            }
        }

        foreach (var rest in rests.Values) End(rest);
        return false;

        void End(MemoryStream rest)
        {
            var text = Encoding.UTF8.GetString(rest.GetBuffer().AsSpan(0, (int)rest.Length)).TrimEnd('\r');
            rest.SetLength(0);
            var space = text.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0 || !DateTimeOffset.TryParse(text.AsSpan(0, space), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) return;
            if (at >= since && at < until && text.Length > space + 1) each(new(at, text[(space + 1)..]));
        }
    }
}
