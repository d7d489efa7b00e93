using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>Whether somebody has proven to have a copy of the data key off this machine: without one, the fire that takes the machine takes every backup.</summary>
internal sealed class KeyCopies(NpgsqlDataSource database, ISecretProtector protector)
{
    /// <summary>How the audit trail names the proof.</summary>
    public const string Action = "backup.key_copy";

    private const int Shown = 8;

    public static string Detail(string keyHash) => $"key {keyHash[..Shown]}";

    /// <summary>For the key that encrypts now.</summary>
    public async Task<bool> IsConfirmedAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT EXISTS (SELECT FROM whatsops.audit_trail WHERE action = $1 AND detail = $2)");
        command.Parameters.Add(new() { Value = Action });
        command.Parameters.Add(new() { Value = Detail(protector.KeyHash) });
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
