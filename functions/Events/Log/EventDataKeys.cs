using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Events;

/// <summary>
/// The event log's own keys: one per day for bodies, one for phone hashes, one for hashes of tokens; made by whoever needs one first, wrapped by
/// <see cref="ISecretProtector"/>, cached for good. Deleting a day's row makes its bodies unreadable everywhere, backups included.
/// </summary>
public sealed class EventDataKeys(NpgsqlDataSource database, ISecretProtector protector) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConcurrentDictionary<DateOnly, BodyCipher> _days = new();
    private volatile PhoneHasher? _phones;
    private volatile TokenHasher? _tokens;

    /// <summary>The cipher of a UTC day's bodies.</summary>
    internal ValueTask<BodyCipher> ForDayAsync(DateOnly day, CancellationToken cancellation) =>
        _days.TryGetValue(day, out var cipher) ? new(cipher) : new(LoadDayAsync(day, cancellation));

    internal ValueTask<PhoneHasher> PhonesAsync(CancellationToken cancellation) =>
        _phones is { } phones ? new(phones) : new(LoadAsync("phones", () => _phones, key => _phones = new(key), cancellation));

    internal ValueTask<TokenHasher> TokensAsync(CancellationToken cancellation) =>
        _tokens is { } tokens ? new(tokens) : new(LoadAsync("tokens", () => _tokens, key => _tokens = new(key), cancellation));

    /// <summary>Deletes the keys of the days before one.</summary>
    public async Task ForgetAsync(DateOnly before, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("DELETE FROM whatsops.event_data_keys WHERE name COLLATE \"C\" >= 'day/' AND name COLLATE \"C\" < $1");
        command.Parameters.Add(new() { Value = Name(before) });
        await command.ExecuteNonQueryAsync(cancellation);
        foreach (var day in _days.Keys.Where(day => day < before)) _days.TryRemove(day, out _);
    }

    public void Dispose() => _turn.Dispose();

    private static string Name(DateOnly day) => "day/" + day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private async Task<BodyCipher> LoadDayAsync(DateOnly day, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (!_days.TryGetValue(day, out var cipher)) _days[day] = cipher = new BodyCipher(await KeyAsync(Name(day), cancellation));
            return cipher;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<T> LoadAsync<T>(string name, Func<T?> known, Func<byte[], T> make, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return known() ?? make(await KeyAsync(name, cancellation));
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<byte[]> KeyAsync(string name, CancellationToken cancellation)
    {
        // The first of several processes wins, and all of them read what it wrote.
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("INSERT INTO whatsops.event_data_keys (name, wrapped) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        {
            Parameters = { new() { Value = name }, new() { Value = protector.Protect(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), Context(name)) } },
        });
        batch.BatchCommands.Add(new("SELECT wrapped FROM whatsops.event_data_keys WHERE name = $1") { Parameters = { new() { Value = name } } });
        var wrapped = (byte[])(await batch.ExecuteScalarAsync(cancellation))!;
        return Convert.FromBase64String(protector.Unprotect(wrapped, Context(name)));
    }

    private static string Context(string name) => "events/" + name;
}
