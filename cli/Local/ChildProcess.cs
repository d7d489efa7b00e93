using System.ComponentModel;
using System.Diagnostics;

namespace WhatsOps.Cli.Local;

/// <summary>Starts helper programs and reads their output; failures carry the command's own last words.</summary>
public static class ChildProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Debian's packages of programs that are not named as theirs.</summary>
    private static readonly Dictionary<string, string> Packages = new()
    {
        ["node"] = "nodejs", ["runuser"] = "util-linux", ["stat"] = "coreutils", ["chown"] = "coreutils", ["dropbearkey"] = "dropbear-bin", ["apt-get"] = "apt",
    };

    /// <summary>Runs to the end, or until it is cancelled; throws <see cref="InvalidOperationException"/> with stderr when the exit code is not zero.</summary>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellation, IReadOnlyDictionary<string, string>? environment = null)
    {
        cancellation.ThrowIfCancellationRequested();
        using var process = Start(program, arguments, environment);
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // It must not go on after us, e.g. an initdb whose folder is deleted next.
            await ProcessSignals.StopAsync(process, Patience, CancellationToken.None);
            throw;
        }

        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {(await error).Trim()} {(await output).Trim()}");
        return await output;
    }

    /// <summary>Starts a program with redirected output that nobody is waiting for.</summary>
    public static Process Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return Start(start);
    }

    /// <exception cref="CliProblem">There is no such program, or it may not be executed.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        var program = start.FileName;
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        }
        catch (Win32Exception)
        {
            var name = Path.GetFileName(program);
            throw new CliProblem($"{program} is missing.", $"as root, apt-get install {Packages.GetValueOrDefault(name, name)}; elsewhere, your system's own package of it");
        }
    }

    /// <summary>Whether a program of this name is on PATH.</summary>
    public static bool Exists(string program) => Find(program) is not null;

    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
