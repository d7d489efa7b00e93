using System.Globalization;

namespace WhatsOps.Gateways.TaktChat;

/// <summary>One WhatsApp connection of a company: a row of <c>"Whatsapps"</c>, without the tokens that are in it.</summary>
/// <param name="Status">OPENING, qrcode, PENDING, CONNECTED or DISCONNECTED; null: it has none yet.</param>
/// <param name="IsOfficial">Over Meta's API: nobody scans a code for it.</param>
internal sealed record TaktChatConnection(int Company, int Id, string? Status, bool IsOfficial, DateTimeOffset? UpdatedAt)
{
    /// <summary>What WhatsOps calls it, since a company may have several and names repeat: the numbers of company and connection, <c>12-7</c>.</summary>
    public string Name => NameOf(Company, Id);

    public static string NameOf(int company, int id) => string.Create(CultureInfo.InvariantCulture, $"{company}-{id}");

    /// <summary>Company and connection of a name; null when it is none. Exact: <c>012-7</c> is nobody's.</summary>
    public static (int Company, int Id)? Parse(string name) =>
        name.Split('-') is [var first, var second]
        && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var company)
        && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && NameOf(company, id) == name
            ? (company, id)
            : null;
}
