using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace WhatsOps.Events;

/// <summary>
/// Finds the phone numbers in a change. Meta has many names for them (<c>from</c>, <c>to</c>, <c>wa_id</c>, <c>recipient_id</c>, <c>display_phone_number</c>, shared
/// contacts) and gets more, so every text that is nothing but a number counts; one that is an id in truth costs a hash and harms nobody.
/// </summary>
internal static class MetaPhones
{
    private const int Least = 10;
    private const int Most = 15;

    // A number may be written for people: +1 (650) 555-0000.
    private const int MaxLength = 30;
    private static readonly SearchValues<byte> Letters = SearchValues.Create("0123456789+ -()."u8);

    public static IReadOnlyList<long> In(JsonElement json, PhoneHasher phones)
    {
        var found = new List<long>();
        Visit(json, phones, found);
        return found;
    }

    private static void Visit(JsonElement json, PhoneHasher phones, List<long> found)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                // Seconds since 1970 have as many digits as a short number.
                foreach (var member in json.EnumerateObject())
                    if (!member.NameEquals("timestamp"u8)) Visit(member.Value, phones, found);
                break;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray()) Visit(item, phones, found);
                break;
            case JsonValueKind.String:
                Note(JsonMarshal.GetRawUtf8Value(json)[1..^1], phones, found);
                break;
        }
    }

    private static void Note(ReadOnlySpan<byte> text, PhoneHasher phones, List<long> found)
    {
        if (text.Length is < Least or > MaxLength || text.ContainsAnyExcept(Letters)) return;
        Span<byte> digits = stackalloc byte[MaxLength];
        var length = 0;
        foreach (var letter in text)
            if (char.IsAsciiDigit((char)letter)) digits[length++] = letter;
        if (length is < Least or > Most) return;
        var hash = phones.Hash(digits[..length]);
        if (!found.Contains(hash)) found.Add(hash);
    }
}
