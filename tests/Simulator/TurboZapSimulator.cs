using System.Collections.Concurrent;
using WhatsOps.Simulator.Control;
using WhatsOps.Simulator.Http;
using WhatsOps.Simulator.TurboZap;

namespace WhatsOps.Simulator;

/// <summary>
/// A gateway that behaves as TurboZap does, as far as its sources tell: the API's <c>connected</c> means paired, a 403 may be a success, a logout always
/// says 200, a message through a dead instance ends in 500. Its database is whoever listens to <see cref="StatusChanged"/>.
/// </summary>
public sealed class TurboZapSimulator : ProductSimulator
{
    private readonly ConcurrentDictionary<string, TurboZapDevice> _devices = new(StringComparer.Ordinal);

    private TurboZapSimulator(double retryScale, string url)
    {
        Webhooks = new(retryScale);
        Listener = new(url, new TurboZapRoutes(this).HandleAsync, ControlAsync, TurboZapRoutes.Failure);
    }

    /// <summary>The global key (<c>API_KEY</c>).</summary>
    public string ApiKey { get; set; } = $"turbozap-{Guid.NewGuid():N}";

    public IReadOnlyList<TurboZapDevice> Devices => [.. _devices.Values.OrderBy(device => device.Name, StringComparer.Ordinal)];

    /// <summary>What became of every webhook event.</summary>
    public IReadOnlyList<(string Event, int Attempts, int? Status)> Sent => Webhooks.Sent;

    /// <summary>Told of every change of an instance before the webhook: where its database would be written. True: it is removed.</summary>
    public Func<TurboZapDevice, bool, Task> StatusChanged { get; set; } = (_, _) => Task.CompletedTask;

    internal TurboZapWebhooks Webhooks { get; }

    /// <param name="retryScale">1 is the real time between a webhook's attempts, and of their common deadline.</param>
    public static async Task<TurboZapSimulator> StartAsync(double retryScale = 0.01, string url = ProductListener.AnyPort)
    {
        var simulator = new TurboZapSimulator(retryScale, url);
        await simulator.Listener.StartAsync();
        return simulator;
    }

    /// <summary>An instance, paired and connected or not.</summary>
    public async Task<TurboZapDevice> SeedAsync(string name, bool paired = true, bool live = true)
    {
        var device = Add(name);
        (device.IsPaired, device.Status) = (paired, paired && live ? "connected" : "disconnected");
        await StatusChanged(device, false);
        return device;
    }

    public void SetWebhook(string name, TurboZapHook hook) => Known(name).Webhook = hook;

    public bool IsCodeShown(string name) => _devices.GetValueOrDefault(name) is { Code: not null };

    /// <summary>The phone reads the code that is shown.</summary>
    public async Task ScanAsync(string name)
    {
        var device = Known(name);
        (device.IsPaired, device.Code) = (true, null);
        await ChangeAsync(device, "connected", "connected");
    }

    /// <summary>The connection breaks: the API goes on saying connected.</summary>
    public Task DropAsync(string name) => ChangeAsync(Known(name), "disconnected", "disconnected");

    /// <summary>The device is removed on the phone.</summary>
    public Task KickAsync(string name) => UnpairAsync(Known(name), "logged_out");

    /// <summary>Any event, as the dispatcher sends it.</summary>
    public Task EmitAsync(string name, string eventName, object data) => Webhooks.SendAsync(Known(name), eventName, data);

    internal TurboZapDevice Add(string name) => _devices[name] = new(name);

    internal Task RemoveAsync(TurboZapDevice device)
    {
        _devices.TryRemove(device.Name, out _);
        return StatusChanged(device, true);
    }

    /// <summary>Idempotent while the connection is up.</summary>
    internal async Task ConnectAsync(TurboZapDevice device)
    {
        device.IsInMemory = true;
        if (device.StaysDown || device.Status == "connected") return;
        if (device.IsPaired)
        {
            await ChangeAsync(device, "connected", "connected");
            return;
        }

        if (device.Code is not null) return;
        device.Code = $"2@{Guid.NewGuid():N}";
        device.Status = "qrcode";
        await StatusChanged(device, false);
        // Told twice, by two handlers.
        for (var times = 0; times < 2; times++) await Webhooks.SendAsync(device, "qrcode.updated", new { qr_code = "data:image/png;base64,AAAA", code = device.Code });
    }

    internal async Task RestartAsync(TurboZapDevice device)
    {
        await ChangeAsync(device, "disconnected", "disconnected");
        if (!device.StaysDown && device.IsPaired) await ChangeAsync(device, "connected", "connected");
    }

    internal async Task UnpairAsync(TurboZapDevice device, string told)
    {
        (device.IsPaired, device.Code) = (false, null);
        await ChangeAsync(device, "disconnected", told);
    }

    private async Task ChangeAsync(TurboZapDevice device, string status, string told)
    {
        device.Status = status;
        await StatusChanged(device, false);
        await Webhooks.SendAsync(device, "connection.update", new { status = told });
    }

    private TurboZapDevice Known(string name) => _devices.GetValueOrDefault(name) ?? throw new ArgumentException($"No instance is named {name}.", nameof(name));

    private async Task<Answer?> ControlAsync(string control, HttpContext context)
    {
        var name = context.Request.Query["instance"].ToString();
        return control switch
        {
            "GET /instances" => Answer.Ok(Devices.Select(device => new { device.Name, device.IsPaired, device.Status, showsQr = device.Code is not null })),
            "POST /scan" => await ControlHttp.DoneAsync(ScanAsync(name)),
            "POST /kick" => await ControlHttp.DoneAsync(KickAsync(name)),
            "POST /drop" => await ControlHttp.DoneAsync(DropAsync(name)),
            _ => null,
        };
    }
}
