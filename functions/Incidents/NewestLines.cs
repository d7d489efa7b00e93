using System.Globalization;
using System.Text;
using WhatsOps.Watch;

namespace WhatsOps.Incidents;

/// <summary>The newest lines that fit, each as people may see it: without secrets and whole phone numbers. Older ones give way, and are counted.</summary>
/// <param name="mostBytes">Of all lines together.</param>
internal sealed class NewestLines(int mostBytes)
{
    private readonly KeyLines _keys = new();
    private Queue<(DateTimeOffset At, string Stamp, string Text)> _lines = new();
    private long _bytes;

    /// <summary>Lines that gave way to newer ones.</summary>
    public long Dropped { get; private set; }

    public int Count => _lines.Count;

    /// <summary>A line with the time that its engine gave it.</summary>
    public void Add(LogLine line) => Add(line.At, line.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z' ", CultureInfo.InvariantCulture), line.Text);

    /// <summary>A line of a file, whose time is within it.</summary>
    public void Add(string line) => Add(default, "", line);

    public byte[] ToBytes()
    {
        var text = new StringBuilder();
        // The two outputs of a container come one after the other where they came at once.
        foreach (var (_, stamp, line) in _lines.OrderBy(line => line.At)) text.Append(stamp).Append(line).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private void Add(DateTimeOffset at, string stamp, string line)
    {
        var text = LogLines.Shown(new(at, _keys.Hide(line, out var beganWithin))).Text;
        if (beganWithin) HideAll();
        _lines.Enqueue((at, stamp, text));
        _bytes += Size(stamp, text);
        while (_bytes > mostBytes && _lines.TryDequeue(out var oldest))
        {
            _bytes -= Size(oldest.Stamp, oldest.Text);
            Dropped++;
        }
    }

    private void HideAll()
    {
        _lines = new(_lines.Select(line => line with { Text = KeyLines.Hidden }));
        _bytes = _lines.Sum(line => Size(line.Stamp, line.Text));
    }

    private static long Size(string stamp, string text) => stamp.Length + Encoding.UTF8.GetByteCount(text) + 1;
}
