using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace WhatsOps.Cli.Local;

/// <summary>
/// A private PostgreSQL cluster on a free loopback port: password login, no Unix socket, fsync on unless the settings say otherwise.
/// As root it runs as user postgres, because the server refuses to run as root.
/// </summary>
public sealed class LocalPostgres : IAsyncDisposable
{
    private static readonly string[] Homes = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];

    private readonly string _directory;
    private readonly string _password;
    private readonly string[] _settings;
    private readonly bool _deleteOnStop;

    private LocalPostgres(string directory, int port, string password, string[] settings, bool deleteOnStop)
    {
        (_directory, Port, _password, _settings, _deleteOnStop) = (directory, port, password, settings, deleteOnStop);
    }

    public int Port { get; }

    /// <summary>The data directory of the cluster.</summary>
    public string DataDirectory => DataIn(_directory);

    /// <summary>The data directory of the cluster that <see cref="StartAsync"/> makes in a folder.</summary>
    public static string DataIn(string directory) => Path.Combine(directory, "data");

    /// <summary>Connection string of one database of this cluster; the user is a superuser.</summary>
    public string ConnectionString(string database = "postgres", int poolSize = 20) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1", Port = Port, Username = "whatsops", Password = _password, Database = database,
        MaxPoolSize = poolSize, IncludeErrorDetail = false, Timeout = 15,
    }.ConnectionString;

    /// <summary>Starts a cluster in <paramref name="directory"/>, creating it on the first call; repeated calls reuse it.</summary>
    public static async Task<LocalPostgres> StartAsync(
        string directory, CancellationToken cancellation, bool deleteOnStop = false, params string[] settings)
    {
        Directory.CreateDirectory(directory);
        var secret = Path.Combine(directory, "password");
        if (!Directory.Exists(DataIn(directory)))
        {
            // Under another name until it is whole: an initdb that is interrupted leaves something that looks like a cluster.
            var unfinished = DataIn(directory) + ".next";
            if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
            PrivateFile.Write(secret, Convert.ToHexString(RandomNumberGenerator.GetBytes(24)));
            await OwnAsync(directory, cancellation);
            await PostgresToolAsync("initdb",
                ["-D", unfinished, "-U", "whatsops", "--pwfile", secret, "-A", "scram-sha-256", "-E", "UTF8", "--locale", "C.UTF-8"], cancellation);
            Directory.Move(unfinished, DataIn(directory));
        }

        var postgres = new LocalPostgres(directory, FreePort.Next(), (await File.ReadAllTextAsync(secret, cancellation)).Trim(), settings, deleteOnStop);
        await postgres.StartServerAsync(cancellation);
        return postgres;
    }

    /// <summary>Stops at once, as a crash would, and starts again on the same port: what a database restart under load looks like.</summary>
    public async Task RestartAsync(CancellationToken cancellation)
    {
        await StopServerAsync("immediate", cancellation);
        await StartServerAsync(cancellation);
    }

    public Task StopServerAsync(string mode, CancellationToken cancellation) =>
        PostgresToolAsync("pg_ctl", ["-D", DataDirectory, "-m", mode, "-w", "-t", "60", "stop"], cancellation);

    public async Task StartServerAsync(CancellationToken cancellation)
    {
        var options = $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 "
            + string.Join(' ', _settings.Select(setting => $"-c {setting}"));
        await PostgresToolAsync("pg_ctl",
            ["-D", DataDirectory, "-l", Path.Combine(_directory, "postgres.log"), "-w", "-t", "60", "-o", options, "start"], cancellation);
    }

    /// <summary>Stops the server of a data directory that another process started and did not stop. False when none runs there.</summary>
    public static async Task<bool> StopLeftoverAsync(string dataDirectory, CancellationToken cancellation)
    {
        if (!Runs(dataDirectory)) return false;
        try
        {
            await PostgresToolAsync("pg_ctl", ["-D", dataDirectory, "-m", "fast", "-w", "-t", "60", "stop"], cancellation);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Whether the server of a data directory runs. After a crash of the machine its pid may be of any program.</summary>
    public static bool Runs(string dataDirectory)
    {
        try
        {
            // The server removes this file itself when it ends well.
            using var process = Process.GetProcessById(int.Parse(File.ReadLines(Path.Combine(dataDirectory, "postmaster.pid")).First(), CultureInfo.InvariantCulture));
            return process.ProcessName.StartsWith("postgres", StringComparison.Ordinal);
        }
        catch (Exception problem) when (problem is IOException or ArgumentException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // What is deleted next needs no checkpoint; with many test databases that one takes seconds.
        await StopServerAsync(_deleteOnStop ? "immediate" : "fast", CancellationToken.None);
        if (_deleteOnStop) Directory.Delete(_directory, recursive: true);
    }

    /// <summary>The directory of initdb and pg_ctl: Debian keeps them off PATH. Null when PostgreSQL is not installed.</summary>
    public static string? BinDirectory()
    {
        if (ChildProcess.Find("initdb") is { } onPath) return Path.GetDirectoryName(onPath);
        return Homes
            .Where(Directory.Exists)
            .SelectMany(root => Directory.GetDirectories(root))
            .Select(folder => Path.Combine(folder, "bin"))
            .Where(bin => File.Exists(Path.Combine(bin, "initdb")))
            .OrderByDescending(bin => bin, StringComparer.Ordinal)
            .FirstOrDefault();
    }

    private static bool RunsAsRoot => OperatingSystem.IsLinux() && Environment.UserName == "root";

    private static async Task PostgresToolAsync(string tool, string[] arguments, CancellationToken cancellation)
    {
        var bin = BinDirectory() ?? throw new InvalidOperationException("PostgreSQL is not installed. Fix: sudo apt-get install postgresql");
        var path = Path.Combine(bin, tool);
        // pg_ctl's child keeps our pipes open, so output goes nowhere here; the server has its own log file.
        string[] command = RunsAsRoot ? ["runuser", "-u", "postgres", "--", path, .. arguments] : [path, .. arguments];
        if (tool != "pg_ctl")
        {
            await ChildProcess.RunAsync(command[0], command[1..], cancellation);
            return;
        }

        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = "/" };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("\"$@\" >/dev/null 2>&1 </dev/null");
        start.ArgumentList.Add("sh");
        foreach (var word in command) start.ArgumentList.Add(word);
        using var process = ChildProcess.Start(start);
        // To its end, which its own -t bounds: a start that is left alone half-way becomes a server that nobody stops.
        await process.WaitForExitAsync(CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"pg_ctl {arguments[^1]} ended with {process.ExitCode}; see postgres.log beside {arguments[1]}.");
    }

    /// <summary>Whether the user that the server runs as can enter a folder: postgres, when this is root, cannot enter a clone under /root.</summary>
    public static async Task<bool> CanEnterAsync(string directory, CancellationToken cancellation)
    {
        if (!RunsAsRoot) return true;
        try
        {
            await ChildProcess.RunAsync("runuser", ["-u", "postgres", "--", "test", "-x", directory], cancellation);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static async Task OwnAsync(string directory, CancellationToken cancellation)
    {
        if (RunsAsRoot) await ChildProcess.RunAsync("chown", ["-R", "postgres", directory], cancellation);
    }
}
