using System.Diagnostics;
using WhatsOps.Cli.Local;
using Repository = WhatsOps.Tests.Shared.Repository;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>The function app as its own process, as an operator runs it, on a free port; killed as kill -9 does.</summary>
internal sealed class HostProcess : IDisposable
{
    private readonly Process _process;

    private HostProcess(Process process, int port)
    {
        _process = process;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(20),
        };
        // Read to nowhere: a full pipe would stop the host.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Client { get; }

    /// <param name="settings">Further settings.</param>
    public static HostProcess Start(string connectionString, string keyFile, IReadOnlyDictionary<string, string>? settings = null)
    {
        var port = FreePort.Next();
        var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        var app = Path.Combine(Repository.Root, "functions", "bin", configuration, "net10.0", "WhatsOps.Functions.dll");
        return new HostProcess(ChildProcess.Start("dotnet", [app], new Dictionary<string, string>(settings ?? new Dictionary<string, string>())
        {
            ["OperationsDatabase"] = connectionString,
            ["DataKeyFile"] = keyFile,
            // Without a fleet the host ends; the sample names nothing that answers, and no secret of it has a value here.
            ["FleetFile"] = Path.Combine(Repository.Root, "fleet.sample.json"),
            ["EmbeddedHost__Urls"] = $"http://127.0.0.1:{port}",
            ["EmbeddedHost__MasterKey"] = "master-key-of-the-fault-tests",
            ["EmbeddedHost__FunctionKey"] = "function-key-of-the-fault-tests",
        }), port);
    }

    public bool HasExited => _process.HasExited;

    /// <summary>SIGKILL, and waits until it is gone.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
        Client.Dispose();
    }
}
