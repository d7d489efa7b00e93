using System.Runtime.InteropServices;
using Npgsql;
using WhatsOps.Simulator.TaktChat;
using WhatsOps.Simulator.TurboZap;

namespace WhatsOps.Simulator.Products;

/// <summary>TurboZap, TaktChat, WhatsApp Agent and the bot in one process, each at its own address.</summary>
public sealed class SimulatedProducts : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _started = new();
    private readonly List<string> _lines = [];

    private SimulatedProducts()
    {
    }

    /// <summary>One sentence per product, which ends with its address.</summary>
    public IReadOnlyList<string> Lines => _lines;

    public static async Task<SimulatedProducts> StartAsync(ProductsSeed seed)
    {
        var products = new SimulatedProducts();
        try
        {
            if (seed.TurboZap is { } turboZap) await products.StartAsync(turboZap);
            if (seed.TaktChat is { } taktChat) await products.StartAsync(taktChat);
            if (seed.Agent is { } agent) products.Keep(await AgentSimulator.StartAsync(agent), "WhatsApp Agent", simulator => simulator.Url);
            if (seed.Bot is { } bot) products.Keep(await BotSimulator.StartAsync(bot), "IA Atendimento Bot", simulator => simulator.Url);
            return products;
        }
        catch
        {
            await products.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends when the process is told to stop.</summary>
    internal static async Task WaitForShutdownAsync()
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await stopped.Task;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopped.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out var product)) await product.DisposeAsync();
    }

    private async Task StartAsync(TurboZapSeed seed)
    {
        var database = Open(seed.Database);
        await TurboZapTables.CreateAsync(database);
        var gateway = Keep(await TurboZapSimulator.StartAsync(retryScale: 1, seed.Url), "TurboZap", simulator => simulator.Url);
        gateway.ApiKey = seed.ApiKey;
        TurboZapTables.Follow(gateway, database);
        foreach (var device in seed.Devices) await gateway.SeedAsync(device.Name, device.Paired, device.Live);
    }

    private async Task StartAsync(TaktChatSeed seed)
    {
        await TaktChatTables.CreateAsync(seed.Database);
        var product = Keep(await TaktChatSimulator.StartAsync(seed.Url), "TaktChat", simulator => simulator.Url);
        TaktChatTables.Follow(product, Open(seed.Database));
        foreach (var user in seed.Users) product.AddUser(user.Company, user.Email, user.Password);
        foreach (var line in seed.Lines) await product.SeedAsync(line.Company, line.Id, line.Status, line.HasKeys);
    }

    private NpgsqlDataSource Open(string connectionString)
    {
        var database = NpgsqlDataSource.Create(connectionString);
        _started.Push(database);
        return database;
    }

    private T Keep<T>(T simulator, string name, Func<T, string> url)
        where T : IAsyncDisposable
    {
        _started.Push(simulator);
        _lines.Add($"Simulated {name} on {url(simulator)}");
        return simulator;
    }
}
