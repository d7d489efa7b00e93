using System.Globalization;

namespace WhatsOps.Watch;

/// <summary>The answer of INFO: <c>name:value</c> lines under headings.</summary>
internal sealed class RedisInfo
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public RedisInfo(string answer)
    {
        foreach (var line in answer.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            if (line[0] != '#' && line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon) _values[line[..colon]] = line[(colon + 1)..];
    }

    /// <summary>Null: this server does not tell it.</summary>
    public string? Text(string name) => _values.GetValueOrDefault(name);

    /// <summary>Null: this server does not tell it.</summary>
    public double? Number(string name) => double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
}
