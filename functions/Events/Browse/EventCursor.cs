using System.Globalization;

namespace WhatsOps.Events;

/// <summary>Where a page of events begins: before a time, or before an event. An event's id (UUID version 7) carries its millisecond of arrival.</summary>
public readonly record struct EventCursor(DateTimeOffset Before, Guid Id)
{
    public static bool TryParse(string text, out EventCursor cursor)
    {
        if (Guid.TryParse(text, out var id) && id.Version == 7)
        {
            Span<byte> bytes = stackalloc byte[16];
            id.TryWriteBytes(bytes, bigEndian: true, out _);
            long milliseconds = 0;
            foreach (var part in bytes[..6]) milliseconds = (milliseconds << 8) | part;
            cursor = default;
            if (milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()) return false;
            cursor = new(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), id);
            return true;
        }

        var isTime = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time);
        cursor = new(time, Guid.Empty);
        return isTime;
    }
}
