using Npgsql;
using WhatsOps.Cli.Local;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Up;

/// <summary>One `whatsops up` from the first check to the last process stopped.</summary>
internal static class UpRun
{
    private const int DefaultPort = 7071;

    public static async Task<int> RunAsync(UpSettings settings, CancellationToken cancellation)
    {
        CheckConnection(settings.Postgres);
        if (Leftovers.Running() is { } other)
            throw new CliProblem($"WhatsOps is already up at {other.Url}.", "use that one, or stop it with ./whatsops down");
        foreach (var name in await Leftovers.StopAsync(cancellation)) Terminal.Line($"Stopped {name}, which an earlier up left behind.");

        var progress = new Progress();
        await Prerequisites.InstallAsync(Repository.Root, Terminal.Line, cancellation, postgres: settings.Postgres is null, blobs: settings.Blobs is null);
        var url = $"http://127.0.0.1:{Port(settings.Port)}";
        await using var servers = new UpServers(url);
        try
        {
            if (settings.IsSimulated) await new SimulatedUp(settings, servers, url, progress).RunAsync(cancellation);
            else await new FleetUp(settings, servers, url, progress).RunAsync(cancellation);
            if (settings.Once) return ExitCode.Ok;
            Terminal.Line("Ctrl-C stops all of it.");
            await Task.Delay(Timeout.Infinite, cancellation);
            return ExitCode.Ok;
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            // Whatever it failed at: Ctrl-C ends what it started, too.
            Terminal.Line();
            Terminal.Line("Stopping…");
            return ExitCode.Ok;
        }
    }

    // What is wrong with it is not said: there is a password in it.
    private static void CheckConnection(string? postgres)
    {
        try
        {
            _ = new NpgsqlConnectionStringBuilder(postgres);
        }
        catch (ArgumentException)
        {
            throw new CliProblem("--postgres (or WHATSOPS_POSTGRES) is not a connection string.", "write it as 'Host=127.0.0.1;Username=me;Password=…;Database=postgres'");
        }
    }

    private static int Port(int? wanted)
    {
        if (wanted is { } port) return FreePort.IsFree(port) ? port : throw new CliProblem($"Port {port} is taken.", "choose another one with --port");
        return FreePort.IsFree(DefaultPort) ? DefaultPort : FreePort.Next();
    }
}
