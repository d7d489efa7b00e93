using Npgsql;

namespace WhatsOps.Cli.Up;

/// <summary>The user's own PostgreSQL, and the databases that an `up` has made on it. Nothing else of it is touched.</summary>
/// <param name="ConnectionString">As the user gave it; kept only in .local/up.json, which nobody else can read.</param>
internal sealed record BorrowedServer(string ConnectionString, IReadOnlyList<string> Databases)
{
    /// <summary>Drops what was made.</summary>
    public async Task GiveBackAsync(CancellationToken cancellation)
    {
        try
        {
            foreach (var name in Databases) await Up.Databases.DropAsync(ConnectionString, name, cancellation);
        }
        catch (NpgsqlException problem)
        {
            throw new CliProblem(
                $"What an up made on your PostgreSQL cannot be dropped ({string.Join(", ", Databases)}): {problem.Message}",
                $"start that server, then ./whatsops down; if it is gone for good, delete {UpState.File}");
        }
    }

    // The other one would print the connection string.
    public override string ToString() => string.Join(", ", Databases);
}
