using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using Npgsql;
using WhatsOps.Cli.Local;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Up;

/// <summary>Everything an `up` has started, in order; stopping goes backwards. .local/up.json knows of each before it runs, and stays until all are stopped.</summary>
internal sealed class UpServers : IAsyncDisposable
{
    // Several are started at once.
    private readonly ConcurrentStack<Func<ValueTask>> _stops = new();
    private readonly Lock _gate = new();
    private UpState _state;
    private bool _stopping;

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
        var folder = await ClusterFolder.OfThisClone.OpenAsync(entered => LocalPostgres.CanEnterAsync(entered, cancellation), cancellation);
        var data = LocalPostgres.DataIn(folder);
        // Before it starts: a signal or a crash in the middle must find it.
        Update(state => state with { PostgresData = data }, async () => await Leftovers.StopPostgresAsync(data, CancellationToken.None));
        return (await LocalPostgres.StartAsync(folder, cancellation)).ConnectionString();
    }

    /// <summary>A database of this run on the user's own server; its connection string. It is dropped at the stop.</summary>
    public async Task<string> BorrowDatabaseAsync(string server, string name, CancellationToken cancellation)
    {
        name = $"{name}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";
        Update(
            state => state with { Borrowed = new(server, [.. state.Borrowed?.Databases ?? [], name]) },
            () => _state.Borrowed!.Databases.Contains(name) ? new(Databases.DropAsync(server, name, CancellationToken.None)) : default);
        try
        {
            return await Databases.CreateAsync(server, name, cancellation);
        }
        catch (PostgresException)
        {
            // Refused: there is nothing of ours to drop.
            Update(state => state with { Borrowed = new(server, [.. state.Borrowed!.Databases.Where(made => made != name)]) });
            throw;
        }
    }

    /// <summary>Azurite's blob service; its connection string.</summary>
    public async Task<string> StartBlobsAsync(CancellationToken cancellation)
    {
        LocalAzurite? azurite = null;
        azurite = await LocalAzurite.StartAsync(
            Path.Combine(Repository.LocalFolder, "up", "azurite"), Prerequisites.Tools(Repository.Root), cancellation,
            // A start that fails ends it itself.
            started: process => Update(Known("Azurite", process), async () =>
            {
                if (azurite is not null) await azurite.DisposeAsync();
            }));
        return azurite.ConnectionString;
    }

    public ServiceProcess StartProgram(string name, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        lock (_gate)
        {
            Refuse();
            var service = ServiceProcess.Start(name, program, arguments, environment);
            Update(Known(name, service.Process), service.DisposeAsync);
            return service;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // What is started beside the part that failed must not begin now.
        lock (_gate) _stopping = true;
        var all = true;
        while (_stops.TryPop(out var stop))
        {
            try
            {
                await stop();
            }
            catch (Exception problem) when (problem is InvalidOperationException or IOException or NpgsqlException or CliProblem)
            {
                // The others must stop all the same; `down` finds this one in the file, which then stays.
                all = false;
                Terminal.Problem(problem.Message, (problem as CliProblem)?.Fix ?? "./whatsops down");
            }
        }

        if (all) File.Delete(UpState.File);
    }

    private static Func<UpState, UpState> Known(string name, Process process)
    {
        var running = RunningProcess.Of(name, process);
        return state => state with { Processes = [.. state.Processes, running] };
    }

    private void Update(Func<UpState, UpState> change, Func<ValueTask>? stop = null)
    {
        lock (_gate)
        {
            Refuse();
            if (stop is not null) _stops.Push(stop);
            _state = change(_state);
            _state.Write();
        }
    }

    private void Refuse()
    {
        if (_stopping) throw new InvalidOperationException("up is being stopped.");
    }
}
