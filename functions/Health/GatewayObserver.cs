using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Health;

/// <summary>Looks at gateways: three calls at most, plus one per suspect. A sick gateway costs its own time limit and nobody else's.</summary>
internal sealed class GatewayObserver(IGateways gateways, TimeProvider time)
{
    // Evolution's GET / calls out to web.whatsapp.com on every request, so it may be slow on a healthy gateway.
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(10);
    private const int LooksAtOnce = 8;

    // 100 looks at a gateway that lists its instances and hangs on each would take the whole deadline, and the systems behind it their turn.
    private const int MuteInARow = 8;

    /// <param name="deadline">Cuts off; a gateway that merely does not answer comes back as unreachable.</param>
    public async Task<GatewayView> ObserveAsync(FleetSystem system, GatewayEndpoint endpoint, CancellationToken deadline)
    {
        IGateway gateway;
        try
        {
            gateway = gateways.OpenForSweep(system, endpoint);
        }
        catch (MissingSecretException problem)
        {
            return new GatewayView(endpoint, null, null, null, 0, problem.Message) { Kind = system.Kind };
        }
        catch (Exception problem)
        {
            var detail = $"no client for it ({problem.GetType().Name})";
            var now = time.GetUtcNow();
            return new GatewayView(
                endpoint, null, new(Outcome.Unreachable, default, detail, now, default), new(Outcome.Unreachable, default, detail, now, default), 0, null) { Kind = system.Kind };
        }

        var limit = TimeSpan.FromSeconds(system.Thresholds.GatewayAnswerSeconds);
        var probe = LimitAsync(gateway.ProbeAsync, limit < ProbeLimit ? limit : ProbeLimit, deadline);
        var list = await LimitAsync(gateway.ListAsync, limit, deadline);
        var calls = 2;
        if (list is { Outcome: Outcome.Unreachable } && !HadItsTime(list, limit))
        {
            // One reset connection at 3 a.m. is not an incident: the third call asks again. One that had all its time had its chance.
            list = await LimitAsync(gateway.ListAsync, limit, deadline);
            calls++;
        }

        return new GatewayView(endpoint, gateway, await probe, list, calls, null) { Kind = system.Kind };
    }

    /// <summary>One direct look at each, until too many in a row ran into their time limit; those that the deadline cut off are left without.</summary>
    public async Task<DirectLooks> LookAsync(IGateway gateway, IReadOnlyList<InstanceFacts> suspects, CancellationToken deadline)
    {
        var looks = new Observation<InstanceState>?[suspects.Count];
        var mute = 0;
        await Parallel.ForAsync(0, suspects.Count, new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce }, async (i, _) =>
        {
            if (deadline.IsCancellationRequested || Volatile.Read(ref mute) >= MuteInARow) return;
            looks[i] = await LimitAsync(limit => gateway.StateAsync(suspects[i].Instance, limit), LookLimit, deadline);
            if (HadItsTime(looks[i], LookLimit)) Interlocked.Increment(ref mute);
            else if (looks[i] is not null) Interlocked.Exchange(ref mute, 0);
        });
        var answered = Enumerable.Range(0, suspects.Count).Where(i => looks[i] is not null)
            .ToDictionary(i => suspects[i].Instance, i => looks[i]!, StringComparer.Ordinal);
        return new DirectLooks(answered, mute >= MuteInARow);
    }

    private static bool HadItsTime<T>(Observation<T>? look, TimeSpan limit) => look is { Outcome: Outcome.Unreachable } && look.Took >= limit * 0.9;

    private async Task<Observation<T>?> LimitAsync<T>(Func<CancellationToken, Task<Observation<T>>> look, TimeSpan limit, CancellationToken deadline)
    {
        var started = time.GetUtcNow();
        using var timer = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, deadline);
        try
        {
            var seen = await look(either.Token);
            // A client may report its cancelled call as unreachable; a call that we cut off says nothing about the gateway.
            return deadline.IsCancellationRequested && !seen.IsSeen ? null : seen;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException)
        {
            return Unreachable($"no answer within {limit.TotalSeconds:0} s");
        }
        catch (Exception problem)
        {
            // Looking must not throw; if it does all the same, this gateway alone is in the dark. The type says enough: a message could quote a URL.
            return Unreachable($"the look failed with {problem.GetType().Name}");
        }

        Observation<T> Unreachable(string detail) => new(Outcome.Unreachable, default, detail, started, time.GetUtcNow() - started);
    }
}
