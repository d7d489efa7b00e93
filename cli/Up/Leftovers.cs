using WhatsOps.Cli.Local;

namespace WhatsOps.Cli.Up;

/// <summary>What an `up` has running, or left running when it crashed: found by pid and start time, never by name.</summary>
internal static class Leftovers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Stops everything of .local/up.json and says what that was. The file is deleted when nothing of it is left.</summary>
    public static async Task<IReadOnlyList<string>> StopAsync(CancellationToken cancellation)
    {
        if (UpState.Read() is not { } state) return [];
        var stopped = new List<string>();
        // `up` itself is first: asked nicely it stops the others in the right order.
        foreach (var running in state.Processes)
            if (await StopAsync(running, cancellation)) stopped.Add(running.Name);
        if (state.PostgresData is { } data && await StopPostgresAsync(data, cancellation)) stopped.Add("PostgreSQL");
        if (UpState.Read()?.Borrowed is { Databases: not [] } borrowed)
        {
            await borrowed.GiveBackAsync(cancellation);
            stopped.Add($"using your PostgreSQL: {borrowed.Databases.Count} databases are dropped");
        }

        File.Delete(UpState.File);
        return stopped;
    }

    /// <summary>Stops the private PostgreSQL, if it runs.</summary>
    /// <exception cref="CliProblem">It runs all the same.</exception>
    public static async Task<bool> StopPostgresAsync(string data, CancellationToken cancellation)
    {
        var stopped = await LocalPostgres.StopLeftoverAsync(data, cancellation);
        if (LocalPostgres.Runs(data))
            throw new CliProblem($"PostgreSQL in {data} did not stop.", $"see postgres.log in {Path.GetDirectoryName(data)}, then ./whatsops down");
        return stopped;
    }

    /// <summary>The running `up` of this clone; null when there is none.</summary>
    public static UpState? Running()
    {
        var state = UpState.Read();
        using var process = state?.Processes is [var up, ..] ? up.Find() : null;
        return process is null ? null : state;
    }

    public static void DeleteData()
    {
        // The databases first: without the key in .local/up they cannot be read.
        ClusterFolder.OfThisClone.Delete();
        foreach (var folder in (string[])["up", "logs"])
        {
            var path = Path.Combine(Repository.LocalFolder, folder);
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        }
    }

    private static async Task<bool> StopAsync(RunningProcess running, CancellationToken cancellation)
    {
        using var process = running.Find();
        if (process is null) return false;
        await ProcessSignals.StopAsync(process, Patience, cancellation);
        return true;
    }
}
