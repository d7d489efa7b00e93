namespace WhatsOps.Events;

/// <summary>One of <c>entry[].changes[]</c> in a body of Meta's, on its way to become an event.</summary>
/// <param name="Account">Id of the WhatsApp Business Account (<c>entry[].id</c>): the tenant.</param>
/// <param name="Event"><c>meta.messages</c>, <c>meta.statuses</c>, or <c>meta.</c> and the field.</param>
/// <param name="Line">Id of the line (<c>value.metadata.phone_number_id</c>); null where the field has none.</param>
/// <param name="Key">Same change, same key. The ids of messages go into nothing else: a <c>wamid</c> holds the phone number, in base64.</param>
/// <param name="Time">When Meta told of it.</param>
/// <param name="Phones">Keyed hashes of the phone numbers in it, each once.</param>
/// <param name="Body">The whole body again with this change alone: nothing of another account stands in it.</param>
internal sealed record MetaChange(
    string Account, string Event, string? Line, Guid Key, DateTimeOffset? Time, IReadOnlyList<long> Phones, byte[] Body)
{
    /// <summary>Account of a body that names none.</summary>
    public const string NoAccount = "unknown";

    /// <summary>Event of a change that names no field.</summary>
    public const string NoField = "meta.unknown";
}
