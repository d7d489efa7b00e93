using System.Globalization;
using System.Text;
using WhatsOps.Watch;

namespace WhatsOps.Incidents;

/// <summary>The newest lines that fit, each as people may see it: without secrets and whole phone numbers. Older ones give way, and are counted.</summary>
/// <param name="mostBytes">Of all lines together.</param>
internal sealed class NewestLines(int mostBytes)
{
    private readonly Queue<(DateTimeOffset At, string Text)> _lines = new();
    private long _bytes;

    /// <summary>Lines that gave way to newer ones.</summary>
    public long Dropped { get; private set; }

    public int Count => _lines.Count;

    /// <summary>A line with the time that its engine gave it.</summary>
    public void Add(LogLine line) => Add(line.At, $"{line.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)} {LogLines.Shown(line).Text}");

    /// <summary>A line of a file, whose time is within it.</summary>
    public void Add(string line) => Add(default, LogLines.Shown(new(default, line)).Text);

    public byte[] ToBytes()
    {
        var text = new StringBuilder();
        // The two outputs of a container come one after the other where they came at once.
        foreach (var (_, line) in _lines.OrderBy(line => line.At)) text.Append(line).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private void Add(DateTimeOffset at, string line)
    {
        _lines.Enqueue((at, line));
        _bytes += Encoding.UTF8.GetByteCount(line) + 1;
        while (_bytes > mostBytes && _lines.TryDequeue(out var oldest))
        {
            _bytes -= Encoding.UTF8.GetByteCount(oldest.Text) + 1;
            Dropped++;
        }
    }
}
