using WhatsOps.Simulator.Webhooks;

namespace WhatsOps.Simulator.Instances;

/// <summary>What Baileys does for an instance: connects, shows QR codes, opens, reconnects, storms, and tells it by events.</summary>
internal sealed class ConnectionDriver(SimulatorOptions options, SimulatorClock clock, SimulatorRandom random, WebhookSender webhooks)
{
    private static readonly TimeSpan SilentRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromSeconds(1);

    private WhatsAppReachability everywhere;

    /// <summary>How WhatsApp looks from this instance: its own view, else that of the whole gateway.</summary>
    public WhatsAppReachability Seen(Instance instance) => instance.Reachability ?? everywhere;

    /// <summary>connect: starts the connection; it goes on in the background.</summary>
    public void Start(Instance instance, string? number = null)
    {
        CancellationToken cancel;
        lock (instance)
        {
            cancel = Renew(instance);
            instance.HasClient = true;
            instance.PhoneNumber = number ?? instance.PhoneNumber ?? instance.Number;
            instance.State = Seen(instance) == WhatsAppReachability.Refused ? InstanceState.Close : InstanceState.Connecting;
        }
        _ = Run(instance, cancel);
    }

    /// <summary>restart: closes the socket, which Baileys then opens again by itself.</summary>
    public void Restart(Instance instance)
    {
        if (Seen(instance) != WhatsAppReachability.Silent)
        {
            Start(instance);
            return;
        }
        CancellationToken cancel;
        lock (instance)
        {
            cancel = Renew(instance);
            instance.State = InstanceState.Close;
        }
        _ = Background(async () =>
        {
            _ = Event(instance, InstanceState.Connecting);
            await clock.Delay(ReconnectPause, cancel);
            await Connect(instance, cancel);
        }, cancel);
    }

    /// <summary>A phone reads the QR code: the socket is closed with 515, opened again, and the instance is open.</summary>
    public async Task Scan(Instance instance, string number, string profileName)
    {
        CancellationToken cancel;
        lock (instance)
        {
            if (instance.State != InstanceState.Connecting || instance.Qr is null || instance.Paired)
                throw new InvalidOperationException($"{instance.Name} shows no QR code.");
            cancel = Renew(instance);
            instance.Paired = true;
            instance.OwnerJid = number + "@s.whatsapp.net";
            instance.ProfileName = profileName;
            instance.Touch(clock.Now);
        }
        _ = Event(instance, InstanceState.Connecting);
        await clock.Delay(options.ConnectTime, cancel);
        Open(instance, cancel);
    }

    /// <summary>A transient loss: seen only as connecting, then open.</summary>
    public void Drop(Instance instance) => Start(instance);

    /// <summary>The session is over (401, 402, 403, 406): no reconnection.</summary>
    public void Close(Instance instance, int code, string disconnectionObject)
    {
        var at = clock.Now;
        lock (instance)
        {
            Stop(instance);
            instance.State = InstanceState.Close;
            instance.ConnectionStatus = InstanceState.Close;
            instance.Paired = false;
            instance.DisconnectionReasonCode = code;
            instance.DisconnectionObject = disconnectionObject;
            instance.DisconnectionAt = at;
            instance.Touch(at);
        }
        _ = webhooks.Emit(instance, "status.instance", new
        {
            instance = instance.Name,
            status = "closed",
            disconnectionAt = Http.Json.Iso(at),
            disconnectionReasonCode = code,
            disconnectionObject
        });
        _ = webhooks.Emit(instance, "logout.instance", null);
        _ = webhooks.Emit(instance, "connection.update", new { instance = instance.Name, state = "close", statusReason = code });
    }

    /// <summary>WhatsApp appears or disappears for the whole gateway: every instance with a connection notices.</summary>
    public void Reach(WhatsAppReachability reachability, IEnumerable<Instance> instances)
    {
        if (everywhere == reachability) return;
        everywhere = reachability;
        foreach (var instance in instances) Notice(instance);
    }

    /// <summary>The same for one instance; null gives it the gateway's view again.</summary>
    public void Reach(WhatsAppReachability? reachability, Instance instance)
    {
        if (instance.Reachability == reachability) return;
        instance.Reachability = reachability;
        Notice(instance);
    }

    /// <summary>The end of the process, or of the instance.</summary>
    public static void Stop(Instance instance)
    {
        lock (instance)
        {
            instance.Connection?.Cancel();
            instance.Connection?.Dispose();
            instance.Connection = null;
        }
    }

    private void Notice(Instance instance)
    {
        bool connected;
        lock (instance)
            connected = instance is { Loaded: true, Zombie: false } && (instance.State != InstanceState.Close || instance.Connection is not null);
        if (connected) Start(instance);
    }

    private Task Run(Instance instance, CancellationToken cancel) => Background(() => Connect(instance, cancel), cancel);

    private async Task Connect(Instance instance, CancellationToken cancel)
    {
        switch (Seen(instance))
        {
            case WhatsAppReachability.Refused:
                await Storm(instance, cancel);
                return;
            case WhatsAppReachability.Silent:
                Change(instance, () => instance.State = InstanceState.Connecting, cancel);
                while (true)
                {
                    _ = Event(instance, InstanceState.Connecting);
                    await clock.Delay(SilentRetry, cancel);
                }
            default:
                Change(instance, () => instance.State = InstanceState.Connecting, cancel);
                _ = Event(instance, InstanceState.Connecting);
                await clock.Delay(options.ConnectTime, cancel);
                if (instance.Paired) Open(instance, cancel);
                else await ShowCodes(instance, cancel);
                return;
        }
    }

    private async Task Storm(Instance instance, CancellationToken cancel)
    {
        while (true)
        {
            if (!webhooks.Overloaded) _ = Event(instance, InstanceState.Connecting);
            await clock.DelayReal(TimeSpan.FromSeconds(1.0 / options.StormEventsPerSecond), cancel);
        }
    }

    private async Task ShowCodes(Instance instance, CancellationToken cancel)
    {
        while (true)
        {
            // The count goes on over logins and logouts; only the limit and a restart of the gateway begin anew.
            if (instance.QrCount >= options.QrCodeLimit)
            {
                Refuse(instance, cancel);
                return;
            }
            var pairing = instance.PhoneNumber is null ? null : random.PairingCode();
            var qr = QrCode.Next(random, pairing, instance.QrCount + 1);
            // Pictures are dear: drawn only for somebody, and before the lock.
            var picture = webhooks.Wants(instance, "qrcode.updated") ? qr.Base64 : null;
            Change(instance, () =>
            {
                instance.Qr = qr;
                instance.QrCount = qr.Count;
                instance.ConnectionStatus = InstanceState.Connecting;
                _ = webhooks.Emit(instance, "qrcode.updated", new
                {
                    qrcode = new { instance = instance.Name, pairingCode = qr.PairingCode, code = qr.Code, base64 = picture }
                });
            }, cancel);
            if (options.AutoScanAfter is { } patience && patience < options.QrLife)
            {
                await clock.Delay(patience, cancel);
                // The scan takes over from here: it ends this connection.
                _ = Background(() => Scan(instance, instance.PhoneNumber ?? Phone(instance), instance.Name), cancel);
            }
            await clock.Delay(options.QrLife, cancel);
        }
    }

    private void Refuse(Instance instance, CancellationToken cancel)
    {
        _ = webhooks.Emit(instance, "qrcode.updated", new { message = "QR code limit reached, please login again", statusCode = 500 });
        var data = new Dictionary<string, object?> { ["instance"] = instance.Name, ["state"] = "refused", ["statusReason"] = 428 };
        if (instance.Wuid is { } wuid) data["wuid"] = wuid;
        _ = webhooks.Emit(instance, "connection.update", data);
        Change(instance, () =>
        {
            instance.Qr = null;
            instance.QrCount = 0;
            instance.State = instance.ConnectionStatus = InstanceState.Close;
            Stop(instance);
        }, cancel);
    }

    private void Open(Instance instance, CancellationToken cancel)
    {
        Change(instance, () =>
        {
            instance.State = instance.ConnectionStatus = InstanceState.Open;
            // The last disconnection stays in the row: an open instance may well show reason 401.
            instance.Wuid = instance.OwnerJid;
            _ = webhooks.Emit(instance, "connection.update", new
            {
                instance = instance.Name,
                wuid = instance.Wuid,
                profileName = instance.ProfileName,
                state = "open",
                statusReason = 200
            });
        }, cancel);
    }

    private static string Phone(Instance instance) => instance.OwnerJid?.Split('@')[0] ?? "5511999990000";

    private Task Event(Instance instance, string state) =>
        webhooks.Emit(instance, "connection.update", new { instance = instance.Name, state, statusReason = 200 });

    private void Change(Instance instance, Action change, CancellationToken cancel)
    {
        lock (instance)
        {
            cancel.ThrowIfCancellationRequested();
            change();
            instance.Touch(clock.Now);
        }
    }

    private static CancellationToken Renew(Instance instance)
    {
        Stop(instance);
        return (instance.Connection = new CancellationTokenSource()).Token;
    }

    private static async Task Background(Func<Task> work, CancellationToken cancel)
    {
        await Task.Yield();
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // A newer connection, a logout or the end of the process took over.
        }
    }
}
