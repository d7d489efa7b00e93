using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Events;

/// <inheritdoc cref="IInstanceTokenHashes"/>
/// <remarks>Requests compare with a copy in memory, read anew in the background: none of them asks the database.</remarks>
public sealed class TokenHashes(NpgsqlDataSource database, EventDataKeys keys, TimeProvider time, ILogger<TokenHashes> log) : IInstanceTokenHashes
{
    private const int MostBytes = 256;
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(60);

    private volatile Known? _known;
    private DateTimeOffset? _readAt;

    public async Task RecordAsync(FleetSystem system, IReadOnlyDictionary<string, IReadOnlyCollection<InstanceSnapshot>> lists, CancellationToken cancellation)
    {
        var rows = lists.SelectMany(list => list.Value
            .Where(instance => instance.Token is not null && instance.Name.StartsWith(system.InstancePrefix, StringComparison.Ordinal))
            .Select(instance => new Row(instance.Name[system.InstancePrefix.Length..], list.Key, instance)));
        await WriteAsync(system.Name, [.. rows], [.. lists.Keys], [.. system.Gateways.Select(gateway => gateway.Name)], cancellation);
    }

    public Task RecordAsync(string system, string gateway, string tenant, InstanceSnapshot instance, CancellationToken cancellation) =>
        instance.Token is null ? Task.CompletedTask : WriteAsync(system, [new(tenant, gateway, instance)], [], null, cancellation);

    /// <summary>Reads the copy in memory anew when it is old.</summary>
    internal async Task RefreshAsync(CancellationToken cancellation)
    {
        if (_readAt is { } last && time.GetUtcNow() - last < MaxAge) return;
        _readAt = time.GetUtcNow();
        await using var command = database.CreateCommand("SELECT system, tenant, instance, hash FROM whatsops.instance_tokens");
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var hashes = new Dictionary<(string, string, string), byte[][]>();
        while (await row.ReadAsync(cancellation))
        {
            var place = (row.GetString(0), row.GetString(1), row.GetString(2));
            hashes[place] = [.. hashes.GetValueOrDefault(place, []), row.GetFieldValue<byte[]>(3)];
        }

        _known = hashes.Count == 0 ? null : new(hashes, await keys.TokensAsync(cancellation));
    }

    /// <summary>The hash of a token that is not the instance's; null when it is, or when nothing can be said.</summary>
    /// <param name="json">The value of <c>apikey</c> as it stands in the body.</param>
    internal byte[]? Mismatch(string system, string tenant, string instance, ReadOnlySpan<byte> json)
    {
        // Null unless the gateway exposes tokens (AUTHENTICATION_EXPOSE_IN_FETCH_INSTANCES); what is escaped is no token that Evolution makes.
        if (_known is not { } known || json.Length is < 3 or > MostBytes || json[0] != '"' || json.Contains((byte)'\\')) return null;
        if (!known.Hashes.TryGetValue((system, tenant, instance), out var hashes)) return null;
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        known.Hasher.Hash(json[1..^1], hash);
        foreach (var right in hashes)
            if (CryptographicOperations.FixedTimeEquals(hash, right)) return null;
        return hash.ToArray();
    }

    /// <summary>Which instances of a system have this token, and whether the named one has any; as the database knows it now.</summary>
    internal async Task<(IReadOnlyList<(string Tenant, string Instance)> Owners, bool IsKnown)> OwnersAsync(
        string system, string tenant, string instance, byte[] hash, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "SELECT tenant, instance, hash = $4 FROM whatsops.instance_tokens WHERE system = $1 AND (hash = $4 OR (tenant = $2 AND instance = $3)) ORDER BY tenant, instance");
        foreach (var value in (object[])[system, tenant, instance, hash]) command.Parameters.Add(new() { Value = value });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var owners = new List<(string, string)>();
        var isKnown = false;
        while (await row.ReadAsync(cancellation))
        {
            var place = (row.GetString(0), row.GetString(1));
            if (row.GetBoolean(2)) owners.Add(place);
            isKnown |= place == (tenant, instance);
        }

        return (owners, isKnown);
    }

    private async Task WriteAsync(string system, Row[] rows, string[] listed, string[]? configured, CancellationToken cancellation)
    {
        byte[][] hashes = [];
        try
        {
            if (rows.Length > 0)
            {
                var hasher = await keys.TokensAsync(cancellation);
                hashes = [.. rows.Select(row => hasher.Hash(row.Instance.Token!))];
            }
        }
        catch (CryptographicException problem)
        {
            // The sweep goes on: without the data key no webhook is proven either, and doctor says so.
            log.LogWarning("The tokens of {System} are not compared: {Problem}", system, problem.Message);
            return;
        }

        await using var command = database.CreateCommand(
            """
            WITH seen AS (SELECT * FROM unnest($2::text[], $3::text[], $4::text[], $5::bytea[]) AS s (tenant, gateway, instance, hash)),
            gone AS (
              DELETE FROM whatsops.instance_tokens t WHERE system = $1 AND (gateway <> ALL ($7::text[]) OR (gateway = ANY ($6::text[])
                AND NOT EXISTS (SELECT 1 FROM seen s WHERE s.tenant = t.tenant AND s.gateway = t.gateway AND s.instance = t.instance))))
            INSERT INTO whatsops.instance_tokens AS t (system, tenant, gateway, instance, hash, changed_at)
            SELECT $1, tenant, gateway, instance, hash, $8 FROM seen
            ON CONFLICT (system, tenant, gateway, instance) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at WHERE t.hash <> excluded.hash
            """);
        command.Parameters.Add(new() { Value = system });
        Add(NpgsqlDbType.Text, rows.Select(row => row.Tenant));
        Add(NpgsqlDbType.Text, rows.Select(row => row.Gateway));
        Add(NpgsqlDbType.Text, rows.Select(row => row.Instance.Name));
        Add(NpgsqlDbType.Bytea, hashes);
        Add(NpgsqlDbType.Text, listed);
        // Null deletes nothing.
        command.Parameters.Add(new() { Value = (object?)configured ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text | NpgsqlDbType.Array });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        await command.ExecuteNonQueryAsync(cancellation);

        void Add<T>(NpgsqlDbType type, IEnumerable<T> values) => command.Parameters.Add(new() { Value = values.ToArray(), NpgsqlDbType = type | NpgsqlDbType.Array });
    }

    private sealed record Row(string Tenant, string Gateway, InstanceSnapshot Instance);

    private sealed record Known(Dictionary<(string System, string Tenant, string Instance), byte[][]> Hashes, TokenHasher Hasher);
}
