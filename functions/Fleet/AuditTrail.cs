using Npgsql;

namespace WhatsOps.Fleet;

/// <inheritdoc cref="IAuditTrail"/>
internal sealed class AuditTrail(NpgsqlDataSource database, TimeProvider time) : IAuditTrail
{
    public async Task RecordAsync(string by, string action, string? system, string? tenant, string detail, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "INSERT INTO whatsops.audit_trail (at, by, action, system, tenant, detail) VALUES ($1, $2, $3, $4, $5, $6)");
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        command.Parameters.Add(new() { Value = by });
        command.Parameters.Add(new() { Value = action });
        command.Parameters.Add(new() { Value = (object?)system ?? DBNull.Value });
        command.Parameters.Add(new() { Value = (object?)tenant ?? DBNull.Value });
        command.Parameters.Add(new() { Value = detail });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
