using Npgsql;
using WhatsOps.Containers;
using WhatsOps.Database;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>The sources of a system, as the fleet file in force names them.</summary>
internal sealed class BackupSources(IFleet fleet, PgClients clients, ContainerHost containers, ObjectVault vault, PartReader reader, BackupCatalogue catalogue, OperationsDatabaseOptions own)
{
    /// <param name="set">The set that is being made.</param>
    /// <exception cref="BackupException">The system is gone, or a reference has no value.</exception>
    public async Task<IReadOnlyList<IBackupSource>> OfAsync(string systemName, Guid set, CancellationToken cancellation)
    {
        var current = await fleet.CurrentAsync(cancellation);
        var backup = current?.System(systemName)?.Backup ?? throw new BackupException($"The fleet has no system {systemName} with backup.", isLasting: true);
        return
        [
            new FleetSource(current!),
            .. backup.Databases.Select(database => new PostgresSource(database, Target(database), clients)),
            .. backup.Redis.Select(redis => new RedisSource(redis, Resolve(redis.ConnectionString))),
            .. backup.Files.Select(files => new FilesSource(files, containers)),
            .. backup.Objects.Select(objects => new ObjectsSource(objects, Opener(objects), vault, systemName, set, token => OpenLastAsync(systemName, objects.Name, token))),
        ];
    }

    /// <summary>Where a database is.</summary>
    /// <exception cref="BackupException">Its reference has no value, or is no connection string.</exception>
    public NpgsqlConnectionStringBuilder Target(PostgresBackup database) =>
        Read(database.Own ? own.ConnectionString : Resolve(database.ConnectionString!), database.ConnectionString ?? "OperationsDatabase");

    /// <summary>On which server a restore test of a database makes its scratch database.</summary>
    public NpgsqlConnectionStringBuilder Scratch(PostgresBackup database) =>
        database.ScratchConnectionString is { } scratch ? Read(Resolve(scratch), scratch) : Target(database);

    /// <summary>Opens the store; its keys are resolved now, the client is made when it is asked for.</summary>
    /// <exception cref="BackupException">A reference has no value.</exception>
    public Func<ObjectStore> Opener(ObjectsBackup objects)
    {
        var (accessKey, secretKey) = (Resolve(objects.AccessKey), Resolve(objects.SecretKey));
        return () => new(objects, accessKey, secretKey);
    }

    /// <summary>The value of a reference.</summary>
    /// <exception cref="BackupException">It has none.</exception>
    public string Resolve(string reference)
    {
        try
        {
            return fleet.Resolve(reference);
        }
        catch (MissingSecretException problem)
        {
            throw new BackupException(problem.Message, isLasting: true);
        }
    }

    // The index of the last complete set: what it has need not be stored again.
    private async Task<Stream?> OpenLastAsync(string system, string name, CancellationToken cancellation) =>
        (await catalogue.NewestAsync(system, cancellation))?.Manifest is { } manifest && manifest.Parts.FirstOrDefault(part => part.Name == name && part.Kind == ObjectsSource.PartKind) is { } part
            ? await reader.OpenAsync(manifest, part, cancellation)
            : null;

    private static NpgsqlConnectionStringBuilder Read(string connectionString, string reference)
    {
        try
        {
            return new(connectionString) { ApplicationName = "whatsops" };
        }
        catch (ArgumentException)
        {
            // Npgsql's own message may quote the text, password included.
            throw new BackupException($"{reference} is not a PostgreSQL connection string. Fix: Host=…;Port=5432;Database=…;Username=…;Password=…", isLasting: true);
        }
    }
}
