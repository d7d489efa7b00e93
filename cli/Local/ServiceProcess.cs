using System.Diagnostics;

namespace WhatsOps.Cli.Local;

/// <summary>A .NET program that runs beside us: its output in a log file of its own, ended by SIGTERM and, if it must, by force.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private ServiceProcess(string name, Process process, string log) => (Name, Process, Log) = (name, process, log);

    public string Name { get; }

    public Process Process { get; }

    /// <summary>Path of the log file.</summary>
    public string Log { get; }

    /// <param name="environment">Where secrets go: arguments can be read by every user of the machine.</param>
    public static ServiceProcess Start(string name, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var log = Path.Combine(Repository.LocalFolder, "logs", $"{name}.log");
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        // The shell hands its pid over (exec) and writes to the file, not to a pipe of ours: the log goes on even if we are killed.
        var start = new ProcessStartInfo("sh") { UseShellExecute = false };
        foreach (var argument in (string[])["-c", "umask 077; log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "sh", log, Repository.DotNet, program, .. arguments])
            start.ArgumentList.Add(argument);
        foreach (var (key, value) in environment) start.Environment[key] = value;
        return new ServiceProcess(name, ChildProcess.Start(start), log);
    }

    /// <summary>Asks again and again until it is ready; a program that ended meanwhile is told with the last lines of its log.</summary>
    public async Task WaitUntilAsync(Func<Task<bool>> ready, TimeSpan limit, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (!await ready())
        {
            if (Process.HasExited) throw new CliProblem($"{Name} ended with {Process.ExitCode}:\n{Tail()}", $"the whole log is in {Log}");
            if (clock.Elapsed > limit) throw new CliProblem($"{Name} was not ready within {limit.TotalSeconds:0} seconds:\n{Tail()}", $"the whole log is in {Log}");
            await Task.Delay(100, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ProcessSignals.StopAsync(Process, Patience, CancellationToken.None);
        Process.Dispose();
    }

    private string Tail() => File.Exists(Log) ? string.Join('\n', File.ReadLines(Log).TakeLast(15)) : "(it wrote nothing)";
}
