using System.Text;
using WhatsOps.Tests.Integration.Events;
using WhatsOps.Tests.Integration.Hosts;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>Two processes of the whole app on one database and one fleet. WHATSOPS_FAULTS=full kills 10 times, otherwise once.</summary>
public sealed class TwoHostsTests(ITestOutputHelper output)
{
    private const int Broken = 5, Budget = 2, Events = 200;
    private static readonly int Kills = Environment.GetEnvironmentVariable("WHATSOPS_FAULTS") == "full" ? 10 : 1;
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Ticks_happen_once_and_budgets_locks_and_deduplication_hold_over_two_hosts()
    {
        await using var operations = await Databases.OperationsAsync();
        await using var rig = await HostRig.CreateAsync(operations.ConnectionString, new()
        {
            ScanAfter = AtOnce, ActionsPerHour = Budget, Policies = new Dictionary<string, string> { ["instance_not_open"] = "auto" },
        });
        for (var i = 0; i < Broken; i++) await rig.SeedAsync($"broken-{i}", "close", new() { Name = $"revalya-broken-{i}", State = "close", Paired = true });
        await rig.SeedAsync("acme");
        var hosts = await StartTwoAsync(rig);
        await WatchTicksAsync(rig);

        await AssertDeduplicatedAsync(rig, hosts);
        await AssertOneRunPerInstanceAsync(rig, hosts);
        await AssertWithinBudgetAsync(rig, hosts);
        await AssertTicksOnceAsync(rig);
        Assert.Equal(0L, await rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.run_locks"));
    }

    [Fact]
    public async Task What_a_killed_host_was_doing_is_finished_by_the_other_without_doing_anything_twice()
    {
        await using var operations = await Databases.OperationsAsync();
        await using var rig = await HostRig.CreateAsync(operations.ConnectionString, new() { ScanAfter = AtOnce });
        var worker = await rig.StartHostAsync();
        // The first one has the lease before the second one is there: it is the one that works.
        await Waiting.UntilAsync(() => rig.ScalarAsync<bool>("SELECT owner IS NOT NULL FROM durable.lease"));
        var other = await rig.StartHostAsync();
        for (var kill = 0; kill < Kills; kill++)
        {
            var slug = $"acme-{kill}";
            await rig.SeedAsync(slug);
            var path = await rig.ResetAsync(other, slug);
            // A different moment each time, from the first call that changes something on.
            var acts = 1 + (kill + 2) % 4;
            await Waiting.UntilAsync(() => rig.Acts(slug).Count >= acts);
            worker.Kill();
            var since = System.Diagnostics.Stopwatch.StartNew();

            var run = await rig.EndOfAsync(other, path);
            output.WriteLine($"killed after {rig.Acts(slug)[acts - 1]}: {run["state"]} by the other after {since.Elapsed.TotalSeconds:0.0} s");
            Assert.True(run["state"]!.GetValue<string>() == "completed", run.ToJsonString());
            AssertNothingTwice(rig, slug);
            // What the dead one's timers left is done by the other, too.
            await Waiting.UntilAsync(() => rig.ScalarAsync<bool>("SELECT bool_and(next_run > now() - interval '5 seconds') FROM durable.timers"), 60);
            (worker, other) = (other, kill + 1 < Kills ? await rig.StartHostAsync() : other);
        }

        Assert.Equal(0L, await rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.run_locks"));
    }

    // Removing what is not there any more changes nothing; a second create would be a second instance.
    internal static void AssertNothingTwice(HostRig rig, string slug)
    {
        var acts = rig.Acts(slug);
        Assert.Single(acts, act => act.StartsWith("POST /instance/create", StringComparison.Ordinal));
        Assert.InRange(acts.Count(act => act.StartsWith("DELETE /instance/delete", StringComparison.Ordinal)), 1, 2);
        Assert.InRange(acts.Count(act => act.StartsWith("DELETE /instance/logout", StringComparison.Ordinal)), 0, 1);
        Assert.Equal("open", rig.Gateway.Find($"revalya-{slug}")?.State);
    }

    private static async Task<HostProcess[]> StartTwoAsync(HostRig rig)
    {
        await rig.StartHostAsync();
        await rig.StartHostAsync();
        return [.. rig.Hosts];
    }

    private static async Task AssertDeduplicatedAsync(HostRig rig, HostProcess[] hosts)
    {
        var (_, made) = await rig.SendAsync(hosts[0], rig.Bia, HttpMethod.Post, $"api/tenants/{HostRig.System}/acme/webhook-secret/rotate");
        var secret = made!["secret"]!.GetValue<string>();
        var bodies = Enumerable.Range(0, Events).Select(number => Webhooks.Message("revalya-acme", $"TWO{number}")).ToList();
        var answers = await Task.WhenAll(hosts.SelectMany(host => bodies.Select(async body =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "api/whatsapp/webhook/acme") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.Add("x-whatsops-secret", secret);
            using var response = await host.Client.SendAsync(request);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
        })));
        Assert.All(answers, answer => Assert.Equal(200, answer.Item1));
        Assert.Equal(Events, answers.Count(answer => answer.Item2.Contains("duplicate", StringComparison.Ordinal)));
        Assert.Equal(Events, await rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.events WHERE tenant = 'acme'"));
    }

    private static async Task AssertOneRunPerInstanceAsync(HostRig rig, HostProcess[] hosts)
    {
        var asked = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => rig.SendAsync(
            hosts[number % 2], rig.Ana, HttpMethod.Post, "api/runbooks/reset-integration", new { system = HostRig.System, tenant = "acme", reason = "a test" })));
        Assert.Equal([202, 409, 409, 409, 409, 409], asked.Select(answer => answer.Status).Order());
        var run = asked.Single(answer => answer.Status == 202).Body!;
        var path = $"api/runbooks/{run["id"]!.GetValue<Guid>()}";
        var approved = await Task.WhenAll(hosts.Select(host => rig.SendAsync(host, rig.Bia, HttpMethod.Post, $"{path}/approve", new { planHash = run["planHash"]!.GetValue<string>() })));
        Assert.Equal([200, 409], approved.Select(answer => answer.Status).Order());
        Assert.Equal("completed", (await rig.EndOfAsync(hosts[1], path))["state"]!.GetValue<string>());
        AssertNothingTwice(rig, "acme");
    }

    private async Task AssertWithinBudgetAsync(HostRig rig, HostProcess[] hosts)
    {
        var swept = await Task.WhenAll(hosts.Select(host => rig.SendAsync(host, rig.Ana, HttpMethod.Post, "api/sweeps")));
        Assert.All(swept, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(Broken, await rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.findings WHERE kind = 'instance_not_open' AND state = 'open'"));
        var fence = await rig.ScalarAsync<long>("SELECT fence FROM durable.timers WHERE name = 'RemedyDispatcher'");
        foreach (var host in hosts.Concat(hosts)) await HostRig.InvokeAsync(host, "RemedyDispatcher");
        await Waiting.UntilAsync(() => rig.ScalarAsync<bool>($"SELECT fence >= {fence + 4} AND lease_until IS NULL FROM durable.timers WHERE name = 'RemedyDispatcher'"));
        await Waiting.UntilAsync(() => rig.ScalarAsync<bool>("SELECT count(*) = 0 FROM whatsops.runs WHERE ended_at IS NULL"), 60);

        Assert.Equal(Budget, await rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.runs WHERE requested_by = 'policy'"));
        Assert.Equal(Budget, await rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.runs WHERE requested_by = 'policy' AND state = 'completed'"));
        var touched = Enumerable.Range(0, Broken).Select(number => $"broken-{number}").Where(slug => rig.Acts(slug).Count > 0).ToList();
        Assert.Equal(Budget, touched.Count);
        Assert.All(touched, slug => Assert.Equal(["GET /instance/connect"], rig.Acts(slug)));
    }

    // Notes every beginning of a timer function that was due, and for which tick.
    private static Task WatchTicksAsync(HostRig rig) => rig.ExecuteAsync(
        """
        CREATE TABLE public.ticks (name text, tick timestamptz, owner text);
        CREATE FUNCTION public.note_tick() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF OLD.next_run <= clock_timestamp() THEN INSERT INTO public.ticks VALUES (OLD.name, OLD.next_run, NEW.owner); END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER note_tick AFTER UPDATE OF fence ON durable.timers FOR EACH ROW EXECUTE FUNCTION public.note_tick();
        """);

    private async Task AssertTicksOnceAsync(HostRig rig)
    {
        await Waiting.UntilAsync(() => rig.ScalarAsync<bool>("SELECT count(*) >= 2 FROM public.ticks"));
        // The dispatcher was also invoked by hand, perhaps in the moment of its tick.
        var twice = await rig.ScalarAsync<long>("SELECT count(*) FROM (SELECT FROM public.ticks WHERE name <> 'RemedyDispatcher' GROUP BY name, tick HAVING count(*) > 1) t");
        output.WriteLine($"{await rig.ScalarAsync<long>("SELECT count(*) FROM public.ticks")} ticks, {twice} of them twice");
        Assert.Equal(0, twice);
    }
}
