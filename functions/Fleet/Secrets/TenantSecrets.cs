using System.Collections.Concurrent;
using System.Security.Cryptography;
using Npgsql;

namespace WhatsOps.Fleet;

/// <inheritdoc cref="ITenantSecrets"/>
internal sealed class TenantSecrets(NpgsqlDataSource database, ISecretProtector protector, TimeProvider time) : ITenantSecrets
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);

    // Slugs come from the Internet: the cache is emptied rather than grown without end.
    private const int MaxSlugs = 20_000;
    private readonly ConcurrentDictionary<string, Cached> _cache = new(StringComparer.Ordinal);

    public ValueTask<IReadOnlyList<TenantWebhookSecret>> ForSlugAsync(string slug, CancellationToken cancellation) =>
        _cache.TryGetValue(slug, out var cached) && time.GetElapsedTime(cached.ReadAt) < MaxAge
            ? new(cached.Secrets)
            : new(RereadAsync(slug, cancellation));

    public async Task<IReadOnlyList<TenantWebhookSecret>> RereadAsync(string slug, CancellationToken cancellation)
    {
        var readAt = time.GetTimestamp();
        var secrets = await ReadAsync("tenant = $1", [slug], cancellation);
        if (_cache.Count >= MaxSlugs) _cache.Clear();
        _cache[slug] = new Cached(secrets, readAt);
        return secrets;
    }

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
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = slug });
        command.Parameters.Add(new() { Value = protector.Protect(secret, Context(system, slug)) });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        await command.ExecuteNonQueryAsync(cancellation);
        _cache.TryRemove(slug, out _);
    }

    private async Task<TenantWebhookSecret?> FindAsync(string system, string slug, CancellationToken cancellation) =>
        (await ReadAsync("tenant = $1 AND system = $2", [slug, system], cancellation)).SingleOrDefault();

    private async Task<IReadOnlyList<TenantWebhookSecret>> ReadAsync(string condition, string[] values, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"SELECT system, tenant, current, previous FROM whatsops.tenant_secrets WHERE {condition} ORDER BY system");
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var secrets = new List<TenantWebhookSecret>();
        while (await reader.ReadAsync(cancellation))
        {
            var (system, tenant) = (reader.GetString(0), reader.GetString(1));
            secrets.Add(new TenantWebhookSecret(system, tenant,
                protector.Unprotect(reader.GetFieldValue<byte[]>(2), Context(system, tenant)),
                reader.IsDBNull(3) ? null : protector.Unprotect(reader.GetFieldValue<byte[]>(3), Context(system, tenant))));
        }

        return secrets;
    }

    private sealed record Cached(IReadOnlyList<TenantWebhookSecret> Secrets, long ReadAt);
}
