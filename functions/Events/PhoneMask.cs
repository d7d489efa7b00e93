using WhatsOps.Fleet;

namespace WhatsOps.Events;

/// <summary>Hides phone numbers in what people are shown, unbroken or written with separators: of eight digits or more only the last four stay.</summary>
internal static class PhoneMask
{
    public static string Mask(string text) => PhoneNumbers.Hide(text, first: 0, last: 4);
}
