using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using WhatsOps.Fleet;
using static WhatsOps.Database.SqlParameters;

namespace WhatsOps.Alerts;

/// <summary>Makes and checks the links that acknowledge: each for one finding and one route, once, for two hours; only the hash of its token is kept.</summary>
internal sealed class AcknowledgeLinks(NpgsqlDataSource database, IFleet fleet, TimeProvider time)
{
    /// <summary>Reminders come every hour and bring a new one.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(2);

    private const int TokenBytes = 32;

    /// <summary>The message with its link; as it is when nobody can be asked to acknowledge it, or the fleet file names no public address.</summary>
    public async Task<AlertMessage> AddAsync(AlertMessage message, string route, string? publicUrl, CancellationToken cancellation)
    {
        // Of several findings it would not be clear which one is meant.
        if (publicUrl is null || message.Findings is not [{ Event: not AlertEvent.Recovered, Id: var finding }]) return message;
        string address;
        try
        {
            address = fleet.Resolve(publicUrl).TrimEnd('/');
        }
        catch (MissingSecretException)
        {
            // An alert without a link is better than none; doctor tells of the reference.
            return message;
        }

        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        await using var command = database.CreateCommand(
            """
            INSERT INTO whatsops.alert_links (token_hash, finding_id, route, language, expires_at)
            SELECT $1, f.id, $3, $4, $5 FROM whatsops.findings f WHERE f.id = $2
            """);
        command.Parameters.Add(new() { Value = Hash(token) });
        command.Parameters.Add(new() { Value = finding });
        command.Parameters.Add(new() { Value = route });
        command.Parameters.Add(new() { Value = message.Language.ToString() });
        command.Parameters.Add(Time(time.GetUtcNow() + Life));
        await command.ExecuteNonQueryAsync(cancellation);
        return message with { AcknowledgeUrl = $"{address}/api/alerts/ack/{token}" };
    }

    /// <summary>Null: unknown or expired.</summary>
    public async Task<AcknowledgeLink?> FindAsync(string token, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            SELECT l.finding_id, l.route, l.language, l.used_at IS NOT NULL, coalesce(f.severity > f.acknowledged_severity, false)
            FROM whatsops.alert_links l JOIN whatsops.findings f ON f.id = l.finding_id WHERE l.token_hash = $1 AND l.expires_at > $2
            """);
        command.Parameters.Add(new() { Value = Hash(token) });
        command.Parameters.Add(Time(time.GetUtcNow()));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new(row.GetInt64(0), row.GetString(1), Enum.Parse<Language>(row.GetString(2)), row.GetBoolean(3), row.GetBoolean(4))
            : null;
    }

    /// <summary>True for the one call that uses it.</summary>
    public async Task<bool> UseAsync(string token, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("UPDATE whatsops.alert_links SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2");
        command.Parameters.Add(new() { Value = Hash(token) });
        command.Parameters.Add(Time(time.GetUtcNow()));
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    public async Task TrimAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("DELETE FROM whatsops.alert_links WHERE expires_at < $1");
        command.Parameters.Add(Time(time.GetUtcNow()));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
