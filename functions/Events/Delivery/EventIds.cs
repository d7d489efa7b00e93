namespace WhatsOps.Events;

/// <summary>Ids of events are UUID version 7: their first 48 bits are the millisecond of arrival.</summary>
internal static class EventIds
{
    /// <summary>Not greater than any id of that millisecond or later, and greater than all before: a range of time as a range of keys.</summary>
    public static Guid First(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        var milliseconds = at.ToUnixTimeMilliseconds();
        for (var i = 5; i >= 0; i--, milliseconds >>= 8) bytes[i] = (byte)milliseconds;
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The millisecond of arrival; of an id that is none of ours, any time.</summary>
    public static DateTimeOffset TimeOf(Guid id) => EventCursor.TryParse(id.ToString(), out var cursor) ? cursor.Before : DateTimeOffset.UnixEpoch;
}
