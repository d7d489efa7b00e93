namespace WhatsOps.Diagnosis;

/// <summary>
/// The words of whatsmeow and of TurboZap for what happens to a session. TurboZap tells no reason by its API or its webhooks: its log is the only place. whatsmeow names
/// the instance as <c>[Client-NAME INFO]</c>, TurboZap as <c>"instance":"NAME"</c>.
/// </summary>
internal static class WhatsmeowLog
{
    private static readonly (string Words, LogSign Sign)[] Signs =
    [
        ("Temporary ban connect failure", LogSign.Banned),
        ("account temporarily banned", LogSign.Banned),
        ("Got replaced stream error", LogSign.Replaced),
        ("Got device removed stream error", LogSign.Removed),
        ("connect failure, sending LoggedOut event", LogSign.Removed),
        ("Logged out from WhatsApp", LogSign.Removed),
        ("QR code timeout", LogSign.QrTimeout),
        ("Client outdated (405)", LogSign.Outdated),
        // What came before is over.
        ("Connected to WhatsApp", LogSign.None),
        ("QR code pairing successful", LogSign.None),
    ];

    /// <summary>Null: the line says nothing of it.</summary>
    public static LogSign? Of(string line)
    {
        foreach (var (words, sign) in Signs)
            if (line.Contains(words, StringComparison.Ordinal)) return sign;
        return null;
    }
}
