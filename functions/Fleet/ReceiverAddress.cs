namespace WhatsOps.Fleet;

/// <summary>Where a tenant's gateway sends its events to: WhatsOps' receiver.</summary>
internal static class ReceiverAddress
{
    /// <param name="baseUrl">Public base of the receiver.</param>
    public static string Of(string baseUrl, string slug) => $"{baseUrl.TrimEnd('/')}/api/whatsapp/webhook/{Uri.EscapeDataString(slug)}";
}
