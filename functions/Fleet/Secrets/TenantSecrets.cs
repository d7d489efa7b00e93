using System.Collections.Concurrent;
using System.Security.Cryptography;
using Npgsql;

namespace WhatsOps.Fleet;

/// <inheritdoc cref="ITenantSecrets"/>
internal sealed class TenantSecrets : ITenantSecrets
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);

    // From here on a request renews the answer for those after it; none of them waits for the database.
    private static readonly TimeSpan RenewalAge = TimeSpan.FromSeconds(4);

    // The time that the receiver has for an answer; a connection that hangs must not hold up those who wait for the next read.
    private const int ReadSeconds = 5;

    // Slugs come from the Internet: those that nobody knows are forgotten rather than kept without end.
    private const int MaxSlugs = 20_000;

    private readonly NpgsqlDataSource _database;
    private readonly ISecretProtector _protector;
    private readonly TimeProvider _time;
    private readonly TenantSecretReads _reads;
    private readonly ConcurrentDictionary<string, TenantSecretRead> _cache = new(StringComparer.Ordinal);

    public TenantSecrets(NpgsqlDataSource database, ISecretProtector protector, TimeProvider time)
    {
        (_database, _protector, _time) = (database, protector, time);
        _reads = new TenantSecretReads(ReadAllAsync, time);
    }

    public ValueTask<IReadOnlyList<TenantWebhookSecret>> ForSlugAsync(string slug, CancellationToken cancellation)
    {
        var age = _cache.TryGetValue(slug, out var known) ? _time.GetElapsedTime(known.ReadAt) : MaxAge;
        if (known is null || age >= MaxAge) return new(ReadAsync(slug, isDoubt: false, cancellation));
        if (age >= RenewalAge && known.Secrets.Count > 0 && known.TakeRenewal()) _ = RenewAsync(slug);
        return new(known.Secrets);
    }

    public Task<IReadOnlyList<TenantWebhookSecret>> ReadSinceAsync(string slug, long since, CancellationToken cancellation) =>
        _cache.TryGetValue(slug, out var known) && known.ReadAt > since
            ? Task.FromResult(known.Secrets)
            : ReadAsync(slug, isDoubt: true, cancellation);

    public async Task<TenantWebhookSecret> EnsureAsync(string system, string slug, CancellationToken cancellation)
    {
        if (await FindAsync(system, slug, cancellation) is { } existing) return existing;
        // Two callers at once: one row wins, both read it.
        await ExecuteAsync(
            "INSERT INTO whatsops.tenant_secrets (system, tenant, current, changed_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            system, slug, NewSecret(), cancellation);
        return (await FindAsync(system, slug, cancellation))!;
    }

    public async Task<TenantWebhookSecret> RotateAsync(string system, string slug, CancellationToken cancellation)
    {
        await UpsertAsync(system, slug, NewSecret(), cancellation);
        return (await FindAsync(system, slug, cancellation))!;
    }

    public async Task ImportAsync(string system, string slug, string secret, CancellationToken cancellation)
    {
        // Importing what is current already must not push the real previous one out.
        if (await FindAsync(system, slug, cancellation) is { } existing && existing.Current == secret) return;
        await UpsertAsync(system, slug, secret, cancellation);
    }

    private static string Context(string system, string slug) => $"webhook/{system}/{slug}";

    private static string NewSecret() => "wos_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private Task UpsertAsync(string system, string slug, string secret, CancellationToken cancellation) => ExecuteAsync(
        """
        INSERT INTO whatsops.tenant_secrets (system, tenant, current, changed_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (system, tenant) DO UPDATE
          SET previous = tenant_secrets.current, current = excluded.current, changed_at = excluded.changed_at
        """,
        system, slug, secret, cancellation);

    private async Task ExecuteAsync(string sql, string system, string slug, string secret, CancellationToken cancellation)
    {
        await using var command = _database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = slug });
        command.Parameters.Add(new() { Value = _protector.Protect(secret, Context(system, slug)) });
        command.Parameters.Add(new() { Value = _time.GetUtcNow() });
        await command.ExecuteNonQueryAsync(cancellation);
        _cache.TryRemove(slug, out _);
    }

    private async Task<IReadOnlyList<TenantWebhookSecret>> ReadAsync(string slug, bool isDoubt, CancellationToken cancellation)
    {
        // PostgreSQL has no such text, and would refuse the read of all the others.
        if (slug.EnumerateRunes().Any(rune => rune.Value is 0 or 0xFFFD)) return [];
        var answer = await _reads.ReadAsync(slug, isDoubt).WaitAsync(cancellation);
        if (_cache.Count >= MaxSlugs) ForgetUnknown();
        // Of two reads that end together the one that began later counts.
        _cache.AddOrUpdate(slug, answer, (_, other) => other.ReadAt > answer.ReadAt ? other : answer);
        return answer.Secrets;
    }

    private async Task RenewAsync(string slug)
    {
        try
        {
            await ReadAsync(slug, isDoubt: false, CancellationToken.None);
        }
        catch (Exception problem) when (problem is NpgsqlException or TimeoutException or CryptographicException)
        {
            // The known answer is good for another second; the request that comes after that hears of it.
        }
    }

    private void ForgetUnknown()
    {
        foreach (var known in _cache)
            if (known.Value.Secrets.Count == 0) _cache.TryRemove(known);
    }

    private async Task<TenantWebhookSecret?> FindAsync(string system, string slug, CancellationToken cancellation)
    {
        await using var command = Select("tenant = $1 AND system = $2");
        command.Parameters.Add(new() { Value = slug });
        command.Parameters.Add(new() { Value = system });
        return (await RowsAsync(command, cancellation)).Select(Open).SingleOrDefault();
    }

    private async Task<Func<string, IReadOnlyList<TenantWebhookSecret>>> ReadAllAsync(string[] slugs)
    {
        await using var command = Select("tenant = ANY($1)");
        command.CommandTimeout = ReadSeconds;
        command.Parameters.Add(new() { Value = slugs });
        var rows = (await RowsAsync(command, CancellationToken.None)).ToLookup(row => row.Tenant, StringComparer.Ordinal);
        // Opened slug by slug: a row that does not open is its tenant's problem alone.
        return slug => [.. rows[slug].Select(Open)];
    }

    private NpgsqlCommand Select(string condition) =>
        _database.CreateCommand($"SELECT system, tenant, current, previous FROM whatsops.tenant_secrets WHERE {condition} ORDER BY system");

    private static async Task<List<SealedSecret>> RowsAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<SealedSecret>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(new(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2), reader.IsDBNull(3) ? null : reader.GetFieldValue<byte[]>(3)));
        return rows;
    }

    private TenantWebhookSecret Open(SealedSecret row)
    {
        var context = Context(row.System, row.Tenant);
        return new(row.System, row.Tenant, _protector.Unprotect(row.Current, context), row.Previous is null ? null : _protector.Unprotect(row.Previous, context));
    }

    private sealed record SealedSecret(string System, string Tenant, byte[] Current, byte[]? Previous);
}
