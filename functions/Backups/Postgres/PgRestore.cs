using Npgsql;

namespace WhatsOps.Backups;

/// <summary>
/// Runs a plain dump into an empty database, in one transaction: the first error ends it, and nothing half stands. The transaction is ours and not
/// psql's own (--single-transaction), which would commit a half when this process dies and the pipe ends.
/// </summary>
internal sealed class PgRestore(PgClients clients)
{
    /// <exception cref="BackupException">It could not be restored; says what the server said.</exception>
    public async Task RunAsync(Stream dump, NpgsqlConnectionStringBuilder target, int serverMajor, CancellationToken cancellation)
    {
        var client = await clients.ForAsync(serverMajor, cancellation);
        using var psql = PgProcess.Start(client.Psql, target, writes: true, ["--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--output=" + Nowhere]);
        try
        {
            await psql.Input.WriteAsync("BEGIN;\n"u8.ToArray(), cancellation);
            await dump.CopyToAsync(psql.Input, 256 * 1024, cancellation);
            await psql.Input.WriteAsync("\nCOMMIT;\n"u8.ToArray(), cancellation);
            psql.Input.Close();
        }
        catch (IOException)
        {
            // It has left because of an error; what it says of it counts.
            throw await psql.ComplaintAsync();
        }

        await psql.EndAsync(cancellation);
    }

    private static string Nowhere => OperatingSystem.IsWindows() ? "nul" : "/dev/null";
}
