namespace WhatsOps.Simulator.TurboZap;

/// <summary>One instance of a simulated TurboZap, as it truly is.</summary>
public sealed class TurboZapDevice(string name)
{
    public string Name => name;

    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>The key that may act on this instance alone.</summary>
    public string ApiKey { get; } = $"instance-{Guid.NewGuid():N}";

    /// <summary>Its store has a device: the API calls it connected, whatever its connection does.</summary>
    public bool IsPaired { get; internal set; }

    /// <summary>The status of its row, which follows the connection.</summary>
    public string Status { get; internal set; } = "disconnected";

    /// <summary>Whether the process has a client of it: without one nothing restarts and nothing is sent.</summary>
    public bool IsInMemory { get; set; } = true;

    /// <summary>WhatsApp does not take its connection: connecting changes nothing.</summary>
    public bool StaysDown { get; set; }

    /// <summary>A logout fails, which only the log tells.</summary>
    public bool FailsToLogOut { get; set; }

    public string Number { get; init; } = "5511999990000";

    public TurboZapHook? Webhook { get; internal set; }

    internal string? Code { get; set; }

    /// <summary>What /status and /list say of it.</summary>
    internal string ApiStatus => IsPaired ? "connected" : Status;
}
