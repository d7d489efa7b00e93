using System.Diagnostics;
using WhatsOps.Cli.Local;

namespace WhatsOps.Cli.Up;

/// <summary>What an `up` has running, or left running when it crashed: found by pid and start time, never by name.</summary>
internal static class Leftovers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Stops everything of .local/up.json and says what that was.</summary>
    public static async Task<IReadOnlyList<string>> StopAsync(CancellationToken cancellation)
    {
        if (UpState.Read() is not { } state) return [];
        var stopped = new List<string>();
        // `up` itself is first: asked nicely it stops the others in the right order.
        foreach (var running in state.Processes)
            if (await StopAsync(running, cancellation)) stopped.Add(running.Name);
        if (state.PostgresData is { } data && await LocalPostgres.StopLeftoverAsync(data, cancellation)) stopped.Add("PostgreSQL");
        File.Delete(UpState.File);
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
        ProcessSignals.Terminate(process);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(cancellation);
        }

        return true;
    }
}
