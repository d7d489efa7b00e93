using System.Globalization;
using Npgsql;
using WhatsOps.Fleet;
using WhatsOps.Runbooks;

namespace WhatsOps.Backups;

/// <summary>Looks, before a restore is planned, at what it would put where, and what is there now.</summary>
internal sealed class RestorePlan(BackupCatalogue catalogue, BackupSources sources, InstanceCensus census, ProductServices product, TimeProvider time)
{
    /// <summary>The size of a database that is not there.</summary>
    public const string Lost = "it is lost";

    /// <summary>Parameters of every restore.</summary>
    public const string Set = "set";
    public const string Part = "part";

    private const string NoGateway = "none is expected";

    /// <exception cref="ProblemException">What was asked for cannot be restored, and why.</exception>
    public async Task<RunTarget> DatabaseAsync(FleetSystem system, RunTarget target, CancellationToken cancellation)
    {
        var given = target.Parameters ?? new Dictionary<string, string>();
        var set = await SetAsync(system, given.GetValueOrDefault(Set), cancellation);
        var part = PartOf(set, "postgres", one => one.Kind == "postgres", given.GetValueOrDefault(Part));
        var beside = given.ContainsKey(RestoreDatabaseActions.Into);
        var database = system.Backup?.Databases.FirstOrDefault(one => one.Name == part.Name)
            ?? throw new ProblemException(409, $"The fleet file of {system.Name} names no database {part.Name}, so there is no server to restore it to.", "$.parameters.part", "Add it to systems[].backup.databases.");
        if (!part.IsWhole && !beside)
            throw new ProblemException(409, $"Part {part.Name} holds chosen tables: put into the database's place it would lose the rest.", "$.parameters.into", "Give into=NAME, and copy what you need from there.");
        if (database.Own && !beside)
            throw new ProblemException(409, "WhatsOps cannot exchange the database that this very run is written in.", "$.parameters.into", "Give into=NAME, then point OperationsDatabase to it and start again: docs/disaster-recovery.md.");
        if (!beside) await product.RequireAsync(system, cancellation);
        var (server, size, majorNow) = await NowAsync(database, cancellation);
        if (beside && given[RestoreDatabaseActions.Into] == server.Database) throw new ProblemException(409, $"{server.Database} is the database itself.", "$.parameters.into", "Give the name of one that does not exist.");
        if (Major(part.Server) is { } taken && taken > majorNow)
            throw new ProblemException(409, $"The set was taken from {part.Server}, the server is PostgreSQL {majorNow} now: its dump may not be understood.", null, "Restore to a server that is as new.");
        var stamp = time.GetUtcNow().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        var facts = new Dictionary<string, string>
        {
            ["setId"] = set.Id.ToString(), ["partName"] = part.Name, ["taken"] = $"{set.RequestedAt:yyyy-MM-dd HH:mm} UTC",
            ["rows"] = part.Counts.Values.Sum().ToString("N0", CultureInfo.InvariantCulture),
            ["lastTime"] = set.RestoreSeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"took {seconds:N0} s in its restore test") : "this set was never restored before",
            ["server"] = Address(server), ["database"] = server.Database!, ["currentSize"] = size,
            ["replacement"] = beside ? given[RestoreDatabaseActions.Into] : SqlName.With(server.Database!, $"_restored_{stamp}"),
            ["aside"] = SqlName.With(server.Database!, $"_before_{stamp}"),
            ["services"] = Services(system),
            ["instances"] = beside ? NoGateway : await InstancesAsync(system, set.Manifest!, part, cancellation),
        };
        return target with { Parameters = given, Facts = facts };
    }

    /// <exception cref="ProblemException">What was asked for cannot be restored, and why.</exception>
    public async Task<RunTarget> PartAsync(FleetSystem system, RunTarget target, CancellationToken cancellation)
    {
        var given = target.Parameters ?? new Dictionary<string, string>();
        var set = await SetAsync(system, given.GetValueOrDefault(Set), cancellation);
        var part = PartOf(set, "redis, files or objects", one => one.Kind is RedisSource.PartKind or FilesSource.PartKind or ObjectsSource.PartKind, given.GetValueOrDefault(Part));
        var place = Place(system.Backup, part);
        await product.RequireAsync(system, cancellation);
        if (place is null) throw new ProblemException(409, $"The fleet file of {system.Name} no longer names the part {part.Name}.", "$.parameters.part", "Add it to systems[].backup.");
        var facts = new Dictionary<string, string>
        {
            ["setId"] = set.Id.ToString(), ["partName"] = part.Name, ["taken"] = $"{set.RequestedAt:yyyy-MM-dd HH:mm} UTC", ["place"] = place,
            ["services"] = Services(system), ["instances"] = await InstancesAsync(system, set.Manifest!, part, cancellation),
        };
        return target with { Parameters = given, Facts = facts };
    }

    public static string Address(NpgsqlConnectionStringBuilder server) => $"{server.Host}:{server.Port}";

    /// <summary>Gateway and least number of instances, as the plan holds them.</summary>
    public static IEnumerable<(string Gateway, int Least)> Expected(IReadOnlyDictionary<string, string> facts) => facts["instances"] == NoGateway ? [] :
        facts["instances"].Split(", ").Select(text => (text[..text.LastIndexOf(' ')], int.Parse(text[(text.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture)));

    private static string? Place(BackupOptions? backup, BackupPart part) => part.Kind switch
    {
        RedisSource.PartKind => backup?.Redis.FirstOrDefault(one => one.Name == part.Name) is not { } redis ? null
            : redis.Prefixes.Count == 0 ? "the whole Redis database" : $"the keys {string.Join(", ", redis.Prefixes.Select(prefix => prefix + "…"))}",
        FilesSource.PartKind => backup?.Files.FirstOrDefault(one => one.Name == part.Name) is { } files ? $"{string.Join(", ", files.Paths)} of {files.From?.Container ?? "this machine"}" : null,
        _ => backup?.Objects.FirstOrDefault(one => one.Name == part.Name) is { } objects ? $"bucket {objects.Bucket} of {objects.Endpoint}" : null,
    };

    private static string Services(FleetSystem system) => system.Backup!.Services.Count == 0 ? "-" : string.Join(", ", system.Backup.Services.Select(service => service.Container));

    private async Task<BackupSet> SetAsync(FleetSystem system, string? id, CancellationToken cancellation)
    {
        if (id is null) return await catalogue.NewestAsync(system.Name, cancellation) ?? throw new ProblemException(409, $"There is no complete backup set of {system.Name}.", "$.parameters.set", "Look for manifests in storage: whatsops backups rebuild.");
        var set = Guid.TryParse(id, out var known) ? await catalogue.FindAsync(known, cancellation) : null;
        if (set is null || set.System != system.Name) throw new ProblemException(404, $"{system.Name} has no backup set {id}.", "$.parameters.set", $"List them: whatsops backups --system {system.Name}.");
        return set.State == BackupState.Complete ? set : throw new ProblemException(409, $"Set {id} is not complete but {set.State.ToString().ToLowerInvariant()}.", "$.parameters.set", "List those that are: whatsops backups --state complete.");
    }

    private static BackupPart PartOf(BackupSet set, string kind, Func<BackupPart, bool> isOfKind, string? name)
    {
        var parts = set.Manifest!.Parts.Where(isOfKind).ToArray();
        var names = string.Join(", ", parts.Select(part => part.Name));
        return (name, parts) switch
        {
            (null, [var only]) => only,
            (null, _) => throw new ProblemException(400, $"Set {set.Id} has {parts.Length} parts of kind {kind}: {names}.", "$.parameters.part", "Name one."),
            _ => parts.FirstOrDefault(part => part.Name == name) ?? throw new ProblemException(404, $"Set {set.Id} has no part {name} of kind {kind}.", "$.parameters.part", $"It has {names}."),
        };
    }

    private async Task<(NpgsqlConnectionStringBuilder Server, string Size, int Major)> NowAsync(PostgresBackup database, CancellationToken cancellation)
    {
        try
        {
            var server = sources.Target(database);
            await using var lobby = await NewDatabase.LobbyAsync(server, cancellation);
            await using var command = new NpgsqlCommand("SELECT pg_size_pretty(pg_database_size(datname)) FROM pg_database WHERE datname = $1", lobby) { Parameters = { new() { Value = server.Database! } } };
            return (server, await command.ExecuteScalarAsync(cancellation) as string ?? Lost, lobby.PostgreSqlVersion.Major);
        }
        catch (BackupException problem)
        {
            throw new ProblemException(409, problem.Message);
        }
        catch (NpgsqlException problem)
        {
            throw new ProblemException(503, $"The server of {database.Name} does not answer: {NewDatabase.Words(problem)}", null, "Start it, or name another one in the fleet file.");
        }
    }

    // Where the database is the gateway's own, its instances come back with it. Otherwise the gateways are not touched: none may be missing that is there now.
    private async Task<string> InstancesAsync(FleetSystem system, BackupManifest set, BackupPart part, CancellationToken cancellation)
    {
        var isGateways = part.Probes.ContainsKey(SchemaProbes.EvolutionSessions) || part.Probes.ContainsKey(SchemaProbes.TurboZapSessions);
        var now = await census.CountAsync(system.Name, cancellation);
        var expected = set.Instances.Where(gateway => isGateways || now.ContainsKey(gateway.Key))
            .Select(gateway => $"{gateway.Key} {(isGateways ? gateway.Value : Math.Min(gateway.Value, now[gateway.Key])).ToString(CultureInfo.InvariantCulture)}").ToArray();
        return expected.Length == 0 ? NoGateway : string.Join(", ", expected);
    }

    private static int? Major(string? server) => server?.Split(' ') is [_, var version, ..] && int.TryParse(version.Split('.')[0], CultureInfo.InvariantCulture, out var major) ? major : null;
}
