using System.Collections.Concurrent;
using System.Diagnostics;
using WhatsOps.Cli.Local;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Up;

/// <summary>Everything an `up` has started, in order; stopping goes backwards and removes .local/up.json last.</summary>
internal sealed class UpServers : IAsyncDisposable
{
    // Several are started at once.
    private readonly ConcurrentStack<IAsyncDisposable> _started = new();
    private readonly Lock _gate = new();
    private UpState _state;

    public UpServers(string url)
    {
        using var self = Process.GetCurrentProcess();
        _state = new UpState { Url = url, Keys = new Dictionary<string, string>(), Processes = [RunningProcess.Of("whatsops up", self)] };
        _state.Write();
    }

    /// <summary>The keys of the generated operators, from now on known to the other commands.</summary>
    public void Publish(IReadOnlyDictionary<string, string> keys) => Update(state => state with { Keys = keys });

    /// <summary>A private PostgreSQL; its connection string.</summary>
    public async Task<string> StartPostgresAsync(CancellationToken cancellation)
    {
        var postgres = await LocalPostgres.StartAsync(Path.Combine(Repository.LocalFolder, "up", "postgres"), cancellation);
        _started.Push(postgres);
        Update(state => state with { PostgresData = postgres.DataDirectory });
        return postgres.ConnectionString();
    }

    /// <summary>Azurite's blob service; its connection string.</summary>
    public async Task<string> StartBlobsAsync(CancellationToken cancellation)
    {
        var azurite = await LocalAzurite.StartAsync(Path.Combine(Repository.LocalFolder, "up", "azurite"), Prerequisites.Tools(Repository.Root), cancellation);
        _started.Push(azurite);
        using var process = Process.GetProcessById(azurite.ProcessId);
        Remember("Azurite", process);
        return azurite.ConnectionString;
    }

    public ServiceProcess StartProgram(string name, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var service = ServiceProcess.Start(name, program, arguments, environment);
        _started.Push(service);
        Remember(name, service.Process);
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out var server))
        {
            try
            {
                await server.DisposeAsync();
            }
            catch (Exception problem) when (problem is InvalidOperationException or IOException)
            {
                // The others must stop all the same; `down` finds this one in the file that then stays.
                Terminal.Problem(problem.Message, "./whatsops down");
                continue;
            }
        }

        File.Delete(UpState.File);
    }

    private void Remember(string name, Process process) => Update(state => state with { Processes = [.. state.Processes, RunningProcess.Of(name, process)] });

    private void Update(Func<UpState, UpState> change)
    {
        lock (_gate)
        {
            _state = change(_state);
            _state.Write();
        }
    }
}
