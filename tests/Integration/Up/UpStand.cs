using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using WhatsOps.Cli.Local;
using WhatsOps.Cli.Up;

namespace WhatsOps.Tests.Integration.Up;

/// <summary>./whatsops as a user types it, with a .local of its own (and a space in its path): a developer's running up is not disturbed. Deletes its data at the end.</summary>
internal sealed class UpStand : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Dictionary<int, RunningProcess> _seen = [];
    private readonly HashSet<string> _data = [];
    private readonly HashSet<string> _urls = [];

    public string Local { get; } = Directory.CreateTempSubdirectory("whatsops up ").FullName;

    /// <summary>More environment of the commands.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>What up.json says now; null when there is none.</summary>
    public UpState? State
    {
        get
        {
            try
            {
                var state = JsonSerializer.Deserialize<UpState>(File.ReadAllText(Path.Combine(Local, "up.json")), Web)!;
                foreach (var process in state.Processes) _seen[process.Id] = process;
                _urls.Add(state.Url);
                if (state.PostgresData is not null) _data.Add(state.PostgresData);
                return state;
            }
            catch (Exception problem) when (problem is IOException or JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>Every process that up.json has ever named.</summary>
    public IReadOnlyCollection<RunningProcess> Seen => _seen.Values;

    /// <summary>Starts a command in a process group of its own, as a terminal does.</summary>
    public Command Start(params string[] arguments)
    {
        // Tests that run in the background inherit that Ctrl-C is ignored, and what is ignored stays so.
        var start = new ProcessStartInfo("setsid", ["env", "--default-signal=INT", Path.Combine(Repository.Root, "whatsops"), .. arguments])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        };
        foreach (var name in (string[])["WHATSOPS_URL", "WHATSOPS_KEY", "WHATSOPS_POSTGRES", "WHATSOPS_BLOBS"]) start.Environment.Remove(name);
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        start.Environment["WHATSOPS_LOCAL"] = Local;
        return new(Process.Start(start)!);
    }

    /// <summary>Runs a command that ends well; what it said.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        using var command = Start(arguments);
        Assert.True(await command.EndAsync() == 0, command.Said);
        return command.Said;
    }

    /// <summary>Waits until up.json says so.</summary>
    public Task UntilAsync(Command up, Func<UpState, bool> says) => UntilAsync(up, () => State is { } state && says(state));

    public static async Task UntilAsync(Command up, Func<bool> isSo)
    {
        for (var clock = Stopwatch.StartNew(); !isSo(); await Task.Delay(20))
            Assert.True(!up.HasEnded && clock.Elapsed < Patience, $"It has {(up.HasEnded ? "ended" : "not come so far")}:\n{up.Said}");
    }

    /// <summary>No process, no port and no state file of what ran here.</summary>
    public async Task AssertNothingIsLeftAsync()
    {
        Assert.False(File.Exists(Path.Combine(Local, "up.json")), "up.json is deleted");
        // A server that was told to stop while it started is a moment behind.
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(30) && _data.Any(LocalPostgres.Runs);) await Task.Delay(50);
        Assert.All(_data, data => Assert.False(LocalPostgres.Runs(data), $"PostgreSQL in {data} is stopped"));
        Assert.All(Seen, process => Assert.Null(process.Find()));
        Assert.All(_urls, url => Assert.True(FreePort.IsFree(new Uri(url).Port), $"nobody listens at {url}"));
    }

    public async ValueTask DisposeAsync()
    {
        _ = State;
        await RunAsync("down", "--data");
        Assert.All(_data, data => Assert.False(Directory.Exists(data), $"down --data deletes {data}"));
        Directory.Delete(Local, recursive: true);
    }

    /// <summary>A command under way.</summary>
    internal sealed class Command : IDisposable
    {
        private readonly Process _process;
        private readonly ConcurrentQueue<string> _said = new();

        public Command(Process process)
        {
            _process = process;
            process.StandardInput.Close();
            process.OutputDataReceived += (_, line) => Keep(line.Data);
            process.ErrorDataReceived += (_, line) => Keep(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        /// <summary>Both its outputs so far.</summary>
        public string Said => string.Join('\n', _said);

        public bool HasEnded => _process.HasExited;

        /// <summary>Its exit code.</summary>
        public async Task<int> EndAsync()
        {
            using var limit = new CancellationTokenSource(Patience);
            await _process.WaitForExitAsync(limit.Token);
            return _process.ExitCode;
        }

        /// <summary>Ctrl-C, which the whole process group gets; the exit code.</summary>
        public async Task<int> InterruptAsync()
        {
            using var kill = Process.Start("kill", ["-s", "INT", "--", $"-{_process.Id}"]);
            await kill.WaitForExitAsync();
            return await EndAsync();
        }

        /// <summary>kill -9 of the command alone.</summary>
        public async Task KillAsync()
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        public void Dispose()
        {
            if (!_process.HasExited) _process.Kill();
            _process.Dispose();
        }

        private void Keep(string? line)
        {
            if (line is not null) _said.Enqueue(line);
        }
    }
}
