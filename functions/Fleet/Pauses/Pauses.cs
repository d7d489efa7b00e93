using Npgsql;

namespace WhatsOps.Fleet;

/// <inheritdoc cref="IPauses"/>
internal sealed class Pauses(NpgsqlDataSource database, IAuditTrail audit, TimeProvider time) : IPauses
{
    private const string Everything = "*";

    // Steps ask before each act; half of the 10 seconds that a pause may take leaves room for the act under way.
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);

    private volatile Cached? _cached;

    public async ValueTask<bool> IsPausedAsync(string system, CancellationToken cancellation)
    {
        var cached = _cached;
        // Taken before the read: an answer is never older than it says.
        var now = time.GetTimestamp();
        if (cached is null || time.GetElapsedTime(cached.ReadAt, now) >= MaxAge)
            _cached = cached = new Cached((await ListAsync(cancellation)).Select(pause => pause.System).ToHashSet(StringComparer.Ordinal), now);
        return cached.Systems.Contains(Everything) || cached.Systems.Contains(system);
    }

    public async Task PauseAsync(string? system, string by, string? reason, CancellationToken cancellation)
    {
        // The first reason stays: pausing twice must not hide who stopped it and why.
        await using var command = database.CreateCommand(
            "INSERT INTO whatsops.pauses (system, paused_by, reason, since) VALUES ($1, $2, $3, $4) ON CONFLICT (system) DO NOTHING");
        command.Parameters.Add(new() { Value = system ?? Everything });
        command.Parameters.Add(new() { Value = by });
        command.Parameters.Add(new() { Value = (object?)reason ?? DBNull.Value });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        await command.ExecuteNonQueryAsync(cancellation);
        _cached = null;
        await audit.RecordAsync(by, "pause.start", system, null, reason ?? "", cancellation);
    }

    public async Task ResumeAsync(string? system, string by, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("DELETE FROM whatsops.pauses WHERE system = $1");
        command.Parameters.Add(new() { Value = system ?? Everything });
        await command.ExecuteNonQueryAsync(cancellation);
        _cached = null;
        await audit.RecordAsync(by, "pause.end", system, null, "", cancellation);
    }

    public async Task<IReadOnlyList<Pause>> ListAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT system, paused_by, reason, since FROM whatsops.pauses ORDER BY system");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var pauses = new List<Pause>();
        while (await reader.ReadAsync(cancellation))
            pauses.Add(new Pause(reader.GetString(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3)));
        return pauses;
    }

    private sealed record Cached(HashSet<string> Systems, long ReadAt);
}
