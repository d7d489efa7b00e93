using System.Security.Cryptography;
using Azure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using WhatsOps.Blobs;
using WhatsOps.Fleet;

namespace WhatsOps.Diagnosis;

/// <summary>WhatsOps' own parts: operations database, blob storage, data key file.</summary>
internal sealed class OwnDoctor(NpgsqlDataSource database, IServiceProvider services, ISecretProtector protector, IConfiguration configuration)
{
    private const int OldestVersion = 140000;

    public async Task<IReadOnlyList<DoctorCheck>> ExamineAsync(CancellationToken cancellation) =>
        [.. await DatabaseAsync(cancellation), await BlobsAsync(cancellation), DataKeys()];

    private async Task<IReadOnlyList<DoctorCheck>> DatabaseAsync(CancellationToken cancellation)
    {
        try
        {
            await using var command = database.CreateCommand(
                """
                SELECT current_setting('server_version_num')::int, current_setting('server_version'), current_setting('max_connections')::int,
                       current_setting('synchronous_commit') <> 'off' AND current_setting('fsync')::bool
                """);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            await reader.ReadAsync(cancellation);
            var (number, version, most, durable) = (reader.GetInt32(0), reader.GetString(1), reader.GetInt32(2), reader.GetBoolean(3));
            var pool = new NpgsqlConnectionStringBuilder(database.ConnectionString).MaxPoolSize;
            return
            [
                number >= OldestVersion
                    ? DoctorCheck.Good("operations.version", null, "OperationsDatabase", $"PostgreSQL {version}")
                    : DoctorCheck.Fail("operations.version", null, "OperationsDatabase", $"PostgreSQL {version} is too old", "Use 14 or newer."),
                pool < most
                    ? DoctorCheck.Good("operations.connections", null, "OperationsDatabase", $"a pool of {pool} per process, {most} allowed by the server")
                    : DoctorCheck.Warn("operations.connections", null, "OperationsDatabase", $"a pool of {pool} per process, only {most} allowed by the server", "Set Maximum Pool Size in OperationsDatabase: pool × processes must stay under max_connections."),
                durable
                    ? DoctorCheck.Good("operations.durability", null, "OperationsDatabase", "fsync and synchronous_commit are on")
                    : DoctorCheck.Fail("operations.durability", null, "OperationsDatabase", "fsync or synchronous_commit is off: an acknowledged webhook may be lost", "Turn both on."),
            ];
        }
        catch (Exception problem) when (problem is NpgsqlException or TimeoutException)
        {
            return [DoctorCheck.Fail("operations.reachable", null, "OperationsDatabase", problem.Message, "Check setting OperationsDatabase and the server.")];
        }
    }

    private async Task<DoctorCheck> BlobsAsync(CancellationToken cancellation)
    {
        const string Path = "doctor/probe.txt";
        try
        {
            // Asked for here, because a malformed setting already throws when the store is made.
            var blobs = services.GetRequiredService<IBlobStore>();
            await blobs.PutAsync(Path, BinaryData.FromString("whatsops"), "text/plain", overwrite: true, cancellation);
            var read = await blobs.FindAsync(Path, cancellation);
            await blobs.DeleteAsync(Path, cancellation);
            return read?.ToString() == "whatsops"
                ? DoctorCheck.Good("blobs.access", null, "BlobStorage", "a probe was written, read and deleted")
                : DoctorCheck.Fail("blobs.access", null, "BlobStorage", "a probe that was written did not read back", "Check that nothing else serves this address.");
        }
        catch (Exception problem) when (problem is RequestFailedException or InvalidOperationException or AggregateException or FormatException)
        {
            // Azure's messages carry headers; the first line says it. Its settings errors may quote the connection string, so those are not shown.
            var detail = problem is RequestFailedException failed ? $"{failed.Status} {failed.ErrorCode}".Trim() : problem is AggregateException ? "no answer" : "the setting is missing or malformed";
            return DoctorCheck.Fail("blobs.access", null, "BlobStorage", detail, "Check setting BlobStorage (or BlobStorageUri and the role Storage Blob Data Contributor).");
        }
    }

    private DoctorCheck DataKeys()
    {
        try
        {
            protector.Unprotect(protector.Protect("probe", "doctor"), "doctor");
            return string.IsNullOrWhiteSpace(configuration["DataKey"])
                ? DoctorCheck.Good("secrets.key", null, "DataKeyFile", $"{System.IO.Path.GetFileName(configuration["DataKeyFile"])} is readable and private")
                : DoctorCheck.Good("secrets.key", null, "DataKey", "the key of the setting encrypts and decrypts");
        }
        catch (Exception problem) when (problem is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return DoctorCheck.Fail("secrets.key", null, "DataKeyFile", problem.Message, "Keep one file of 32 random bytes (base64), mode 600, owned by the host's user, and a copy in a safe.");
        }
    }
}
