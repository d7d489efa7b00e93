using WhatsOps.Simulator;

namespace WhatsOps.Tests.Integration.Simulator;

/// <summary>The simulator answers as the real gateway did, exchange by exchange, in the order of the recording.</summary>
public sealed class ReplayTests
{
    /// <summary>What cannot be replayed as an exchange, and why.</summary>
    private static readonly Dictionary<int, string> Unreplayable = new()
    {
        [234] = "The gateway was down and nothing was answered; see A_gateway_that_is_down_cuts_the_connection."
    };

    // A run of the recording: which exchanges, on what gateway, and what happened around them that no exchange shows.
    private sealed record Run(int First, int Last, SimulatorOptions Options, Dictionary<int, Func<Replay, Task>> Before, int HookStatus = 200,
        string? Sequence = null);

    private static readonly Dictionary<string, Run> Runs = new()
    {
        ["WhatsApp never contacted"] = new(1, 82, new() { TimeScale = 100, RemovalTime = TimeSpan.FromMilliseconds(400) }, new()
        {
            [78] = replay => Gone(replay, "beta2"),
            [82] = replay => Gone(replay, "numb")
        }),
        ["Connections to WhatsApp are refused"] = new(101, 115, new()
        {
            TimeScale = 50,
            Instances = [new() { Name = "alpha", State = "close" }, new() { Name = "beta", State = "close" }]
        }, new()
        {
            [101] = replay => Do(() => replay.Gateway.SetWhatsAppReachable(WhatsAppReachability.Refused)),
            [113] = replay => Gone(replay, "qr1")
        }),
        ["QR codes, open, logout, kick, pairing"] = new(121, 151, new() { TimeScale = 20, QrCodeLimit = 2, QrLife = TimeSpan.FromHours(1) }, new()
        {
            [128] = async replay =>
            {
                await Until.True(() => replay.Gateway.Find("q1")!.QrCount == 2);
                await replay.Gateway.ScanAsync("q1", "5511911110001", "Rig Phone");
            },
            [134] = async replay =>
            {
                await Until.True(() => replay.Gateway.Find("q1")!.State == "open");
                replay.Gateway.Drop("q1");
                await Until.True(() => replay.Gateway.Find("q1")!.State == "open");
            },
            [138] = replay => ConnectAndScan(replay, "q1", "5511911110001"),
            [139] = replay => Do(() => replay.Gateway.Kick("q1")),
            [141] = replay => replay.Gateway.ScanAsync("q1", "5511911110001", "Rig Phone"),
            [142] = replay => Gone(replay, "q1"),
            [148] = replay => Gone(replay, "q1")
        }, Sequence: "q1"),
        ["Connections to WhatsApp hang"] = new(152, 157, new() { TimeScale = 5 }, new()
        {
            [152] = replay => Do(() => replay.Gateway.SetWhatsAppReachable(WhatsAppReachability.Silent)),
            [156] = replay => Until.True(() => replay.Gateway.Find("bh")!.State == "connecting")
        }),
        ["Two creates at once"] = new(200, 204, new(), new() { [202] = replay => Gone(replay, "race") }),
        ["The limit of QR codes"] = new(205, 206, new() { TimeScale = 50, QrCodeLimit = 2 }, new()
        {
            [205] = async replay =>
            {
                await replay.Send(Recording.All.Single(recording => recording.Number == 121));
                await Until.True(() => replay.Gateway.Find("qlim")!.State == "close");
            }
        }),
        ["No name, restart of the gateway"] = new(211, 239, new() { TimeScale = 50 }, new()
        {
            [221] = replay => replay.Gateway.ScanAsync("g-open", "5511933330003", "Rig Phone"),
            [224] = replay => Do(() => replay.Gateway.Seed(new InstanceSeed { Name = "foreign", State = "close", Loaded = false })),
            [237] = async replay =>
            {
                await replay.Gateway.RestartAsync();
                await Until.True(() => replay.Gateway.Find("g-open")!.State == "open");
                await Until.True(() => replay.Gateway.Find("g-out")!.ShowsQr);
            }
        }),
        ["WhatsApp lost, then the gateway loads"] = new(251, 261, new()
        {
            TimeScale = 100,
            LoadTime = TimeSpan.FromSeconds(100),
            Instances = [new() { Name = "w-open", State = "close" }, new() { Name = "lost", State = "close" }]
        }, new()
        {
            [251] = async replay =>
            {
                await ConnectAndScan(replay, "w-open", "5511944440004");
                replay.Gateway.SetWhatsAppReachable(WhatsAppReachability.Silent);
            },
            [255] = async replay =>
            {
                replay.Gateway.SetWhatsAppReachable(WhatsAppReachability.Normal);
                await replay.Gateway.RestartAsync();
            },
            [261] = replay => Until.True(() => replay.Gateway.Find("w-open")!.State == "open")
        }),
        ["Delete while the hook fails"] = new(401, 404, new() { TimeScale = 1000 }, new()
        {
            [401] = replay => Do(() => replay.Gateway.Seed(new InstanceSeed
            {
                Name = "r503",
                State = "close",
                Webhook = new() { Url = replay.HooksUrl + "/r503" }
            })),
            [404] = replay => Gone(replay, "r503")
        }, HookStatus: 503)
    };

    public static TheoryData<string> Names => [.. Runs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_recording_repeats(string name)
    {
        var run = Runs[name];
        await using var hooks = await WebhookReceiver.Answering(run.HookStatus);
        await using var gateway = await EvolutionSimulator.StartAsync(run.Options);
        using var replay = new Replay(gateway, hooks);
        var recordings = Recording.All.Where(one => one.Number >= run.First && one.Number <= run.Last && !Unreplayable.ContainsKey(one.Number)).ToList();

        for (var i = 0; i < recordings.Count; i++)
        {
            if (run.Before.TryGetValue(recordings[i].Number, out var before)) await before(replay);
            if (recordings[i].Number == 200) await replay.SendAtOnce(recordings[i], recordings[++i]);
            else await replay.Send(recordings[i]);
        }

        Assert.NotEmpty(recordings);
        Assert.True(replay.Differences.Count == 0, string.Join(Environment.NewLine, replay.Differences));
        if (run.Sequence is { } instance)
        {
            // Deliveries are concurrent: the recording, too, has them out of order.
            var expected = Recording.Lines<RecordedDelivery>("sequences.jsonl").Where(one => one.Instance == instance)
                .Select(one => $"{one.Event} {one.State} {one.Sender}").Order().ToList();
            await Until.True(() => hooks.Of(instance).Count() >= expected.Count);
            Assert.Equal(expected, hooks.Of(instance).Select(one => $"{one.Event} {one.State} {one.HasSender}").Order());
        }
    }

    [Fact]
    public void Every_recorded_exchange_is_replayed_but_a_few()
    {
        var replayed = Runs.Values.SelectMany(run => Enumerable.Range(run.First, run.Last - run.First + 1)).ToHashSet();
        Assert.All(Recording.All, recording => Assert.Contains(recording.Number, replayed));
        Assert.Equal(183, Recording.All.Count);
        Assert.Single(Unreplayable);
    }

    private static Task Gone(Replay replay, string name) => Until.True(() => replay.Gateway.Find(name) is null);

    private static async Task ConnectAndScan(Replay replay, string name, string number)
    {
        await replay.Connect(name);
        await Until.True(() => replay.Gateway.Find(name)!.ShowsQr);
        await replay.Gateway.ScanAsync(name, number, "Rig Phone");
    }

    private static Task Do(Action act)
    {
        act();
        return Task.CompletedTask;
    }
}
