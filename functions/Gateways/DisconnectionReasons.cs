namespace WhatsOps.Gateways;

/// <summary>What the numbers of Baileys mean.</summary>
public static class DisconnectionReasons
{
    /// <summary>Device removed, 402, account blocked, 406: the gateway does not reconnect after these, only pairing again helps .</summary>
    public static bool IsTerminal(int? reason) => reason is 401 or 402 or 403 or 406;
}
