using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace WhatsOps.Gateways.TaktChat;

/// <summary>
/// Counts the codes that connections have shown, since TaktChat does not: it gives up after three and begins anew whenever it is started, and WhatsApp refuses to
/// link after too many. Keeps a hash of the last code, in memory only.
/// </summary>
internal sealed class TaktChatCodes
{
    private readonly ConcurrentDictionary<(string System, string Gateway, string Instance), (string Hash, int Count)> _last = new();

    /// <summary>Which code it is since this process looks: the same one counts once.</summary>
    public int Count(string system, string gateway, string instance, string code)
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(code)));
        return _last.AddOrUpdate((system, gateway, instance), (hash, 1), (_, last) => last.Hash == hash ? last : (hash, last.Count + 1)).Count;
    }
}
