using System.Collections.Concurrent;
using System.Diagnostics;
using WhatsOps.Cli.Local;

namespace WhatsOps.Tests.Shared;

/// <summary>
/// A host as its own process, as an operator runs it, on a free port: the function app, or tests/ConformanceApp where only the host matters.
/// What it prints is kept. It is killed as kill -9 does.
/// </summary>
public sealed class HostProcess : IDisposable
{
    public const string FunctionApp = "functions/bin/{0}/net10.0/WhatsOps.Functions.dll";
    public const string ConformanceApp = "tests/ConformanceApp/bin/{0}/net10.0/WhatsOps.ConformanceApp.dll";
    public const string MasterKey = "master-key-of-the-tests";
    public const string FunctionKey = "function-key-of-the-tests";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private HostProcess(Process process, string url)
    {
        _process = process;
        Url = url;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(url + "/"), Timeout = TimeSpan.FromSeconds(30) };
        // Read always: a full pipe would stop the host.
        process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Address without a slash at the end.</summary>
    public string Url { get; }

    public HttpClient Client { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Everything that it has printed so far.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Everything on its standard error so far.</summary>
    public string Errors => string.Join('\n', _errors);

    /// <param name="settings">Its settings; they win over the address and the keys made here.</param>
    /// <param name="port">Where it listens; null takes a free port.</param>
    public static HostProcess Start(IReadOnlyDictionary<string, string> settings, string app = FunctionApp, int? port = null)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var environment = new Dictionary<string, string>
        {
            ["EmbeddedHost__Urls"] = $"http://127.0.0.1:{port ?? FreePort.Next()}", ["EmbeddedHost__MasterKey"] = MasterKey, ["EmbeddedHost__FunctionKey"] = FunctionKey,
        };
        foreach (var (name, value) in settings) environment[name] = value;
        var path = Path.Combine(Repository.Root, string.Format(System.Globalization.CultureInfo.InvariantCulture, app, configuration));
        return new(ChildProcess.Start("dotnet", [path], environment), environment["EmbeddedHost__Urls"]);
    }

    /// <summary>Waits until a GET is answered with 2xx; throws with its last words when the process ends first.</summary>
    public async Task UntilAnswersAsync(string path = "api/health/ready")
    {
        for (var clock = Stopwatch.StartNew(); !await AnswersAsync(path); await Task.Delay(50))
            if (HasExited || clock.Elapsed > TimeSpan.FromSeconds(60))
                throw new InvalidOperationException($"The host {(HasExited ? "ended" : "was not ready")} after {clock.Elapsed.TotalSeconds:0} s:\n{Output}\n{Errors}");
    }

    /// <summary>SIGKILL, and waits until it is gone.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM; the exit code.</summary>
    public Task<int> StopAsync()
    {
        ProcessSignals.Terminate(_process);
        return ExitAsync();
    }

    /// <summary>The exit code, once it has ended and all that it printed is here.</summary>
    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
        Client.Dispose();
    }

    private async Task<bool> AnswersAsync(string path)
    {
        try
        {
            using var answer = await Client.GetAsync(path);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception problem) when (problem is HttpRequestException or OperationCanceledException)
        {
            // Not there yet, or too slow for the client's patience.
            return false;
        }
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null) lines.Enqueue(line);
    }
}
