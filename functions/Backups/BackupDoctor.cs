using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Npgsql;
using WhatsOps.Diagnosis;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>What a backup needs before its hour: a client program for each server, a user who may restore, a copy of the key elsewhere.</summary>
internal sealed class BackupDoctor(KeyCopies copies, BackupSources sources, PgClients clients, IConfiguration configuration) : ISystemDoctor
{
    public async Task<IReadOnlyList<DoctorCheck>> ExamineAsync(FleetSystem system, CancellationToken cancellation)
    {
        if (system.Backup is not { } backup)
            return [DoctorCheck.Warn("backup", system, "backup", "none: nothing of this system is backed up by WhatsOps", "Add systems[].backup; docs/backups.md shows it.")];
        var checks = new List<DoctorCheck> { await KeyAsync(system, cancellation) };
        foreach (var database in backup.Databases) checks.AddRange(await DatabaseAsync(system, database, cancellation));
        return checks;
    }

    private async Task<DoctorCheck> KeyAsync(FleetSystem system, CancellationToken cancellation)
    {
        if (!string.IsNullOrWhiteSpace(configuration["DataKey"])) return DoctorCheck.Good("backup.key", system, "DataKey", "the key comes from a setting, so it is kept where the setting comes from");
        try
        {
            return await copies.IsConfirmedAsync(cancellation)
                ? DoctorCheck.Good("backup.key", system, "DataKeyFile", "somebody has proven to have a copy")
                : DoctorCheck.Fail("backup.key", system, "DataKeyFile", "nobody has proven to have a copy off this machine: with the machine every backup would be lost", "Copy the file to a safe place, then: whatsops backups confirm-key COPY.");
        }
        catch (Exception problem) when (problem is NpgsqlException or CryptographicException)
        {
            return DoctorCheck.Fail("backup.key", system, "DataKeyFile", "it cannot be told whether there is a copy", "Mend what operations and secrets.key say.");
        }
    }

    private async Task<IReadOnlyList<DoctorCheck>> DatabaseAsync(FleetSystem system, PostgresBackup database, CancellationToken cancellation)
    {
        try
        {
            var target = sources.Target(database);
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(target.ConnectionString) { Pooling = false, Timeout = 10 }.ConnectionString);
            await connection.OpenAsync(cancellation);
            var client = await clients.ForAsync(connection.PostgreSqlVersion.Major, cancellation);
            await using var command = new NpgsqlCommand("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user", connection);
            return
            [
                DoctorCheck.Good("backup.client", system, database.Name, $"pg_dump {client.Version} for PostgreSQL {connection.PostgreSqlVersion.Major}"),
                database.ScratchConnectionString is not null || await command.ExecuteScalarAsync(cancellation) is true
                    ? DoctorCheck.Good("backup.restore", system, database.Name, "its user may create the database of a restore")
                    : DoctorCheck.Warn("backup.restore", system, database.Name, "its user may not create databases: it can be backed up, but neither tested nor restored", $"ALTER ROLE {target.Username} CREATEDB, or scratchConnectionString for the tests."),
            ];
        }
        catch (BackupException problem)
        {
            return [DoctorCheck.Fail("backup.client", system, database.Name, problem.Message, "See the message.")];
        }
        catch (NpgsqlException problem)
        {
            return [DoctorCheck.Fail("backup.client", system, database.Name, problem is PostgresException said ? said.MessageText : "no answer", "Check the reference and the server.")];
        }
    }
}
