using System.Net;
using System.Net.Sockets;

namespace WhatsOps.Watch;

/// <summary>The network of an address, which is nobody's: the last part of IPv4 and all but the first three groups of IPv6 are hidden.</summary>
internal static class AddressMask
{
    /// <summary>Null: it is no address.</summary>
    public static string? Of(string text)
    {
        if (!IPAddress.TryParse(text, out var address)) return null;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? $"{bytes[0]}.{bytes[1]}.{bytes[2]}.*"
            : $"{bytes[0] << 8 | bytes[1]:x}:{bytes[2] << 8 | bytes[3]:x}:{bytes[4] << 8 | bytes[5]:x}:*";
    }
}
