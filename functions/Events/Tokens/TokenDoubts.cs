using System.Security.Cryptography;
using System.Text;
using WhatsOps.Fleet;

namespace WhatsOps.Events;

/// <summary>Second thoughts about a token that did not fit: whether there is a harmless reason, asked in the background.</summary>
internal sealed class TokenDoubts(TokenHashes hashes, EventDataKeys keys, IFleet fleet)
{
    // Evolution sends these words where an instance has no token.
    private const string NoToken = "Apikey not found";

    /// <summary>Null: it fits by now, or nothing can be said. Else the instance whose token it is, empty for none that is known.</summary>
    public async Task<string?> ForeignAsync(string system, string tenant, string instance, byte[] hash, CancellationToken cancellation)
    {
        var (owners, isKnown) = await hashes.OwnersAsync(system, tenant, instance, hash, cancellation);
        if (!isKnown || owners.Contains((tenant, instance)) || await IsNobodysAsync(system, hash, cancellation)) return null;
        return owners.Count == 0 ? "" : owners[0].Instance;
    }

    private async Task<bool> IsNobodysAsync(string system, byte[] hash, CancellationToken cancellation)
    {
        var hasher = await keys.TokensAsync(cancellation);
        var gateways = (await fleet.CurrentAsync(cancellation))?.System(system)?.Gateways ?? [];
        return gateways.Select(gateway => KeyOf(gateway.ApiKey)).OfType<string>().Append(NoToken).Any(words =>
        {
            var other = new byte[hash.Length];
            hasher.Hash(Encoding.UTF8.GetBytes(words), other);
            return CryptographicOperations.FixedTimeEquals(hash, other);
        });
    }

    private string? KeyOf(string? reference)
    {
        try
        {
            return reference is null ? null : fleet.Resolve(reference).Trim();
        }
        catch (MissingSecretException)
        {
            return null;
        }
    }
}
