using WhatsOps.Gateways;
using WhatsOps.Runbooks;
using WhatsOps.Simulator;
using WhatsOps.Tests.Integration.Runbooks;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>The ways through every runbook that together walk each of its steps and each of its compensations.</summary>
internal static class CrashScenarios
{
    private const string Old = "http://127.0.0.1:9/product";
    private static readonly Fault NoConnect = new() { Kind = FaultKind.Status, Status = 400, Path = "/instance/connect/*" };
    private static readonly Fault NoDelete = new() { Kind = FaultKind.Status, Status = 400, Method = "DELETE", Path = "/instance/delete/*" };

    public static IReadOnlyList<CrashScenario> All { get; } =
    [
        new("forward", new ResetIntegration(), RunState.Completed, (rig, slug) => rig.SeedAsync(slug, "open")) { CheckAsync = (rig, slug) => rig.AssertRenewedAsync(slug) },
        new("back", new ResetIntegration(), RunState.Compensated, (rig, slug) => rig.SeedAsync(slug, "open")) { Fault = NoConnect, KeepsRows = true },

        new("forward", new CreateInstance(), RunState.Completed, (rig, slug) => rig.SeedAsync(slug, null)) { CheckAsync = (rig, slug) => rig.AssertRenewedAsync(slug) },
        new("back", new CreateInstance(), RunState.Compensated, (rig, slug) => rig.SeedAsync(slug, null)) { Fault = NoConnect, KeepsRows = true, CheckAsync = GoneAsync },

        new("forward", new SaveIntegration(), RunState.Completed, (rig, slug) => rig.SeedAsync(slug, Named(slug), "{}")) { CheckAsync = RowNamesItAsync },
        new("back", new SaveIntegration(), RunState.Compensated, (rig, slug) => rig.SeedAsync(slug, Named(slug), "{}"))
        {
            PrepareAsync = rig => rig.ForgetInstanceNamesAsync(), KeepsRows = true,
        },

        new("forward", new RepairWebhook(), RunState.Completed, (rig, slug) => rig.SeedAsync(slug, "open")) { CheckAsync = (rig, slug) => WebhookIsAsync(rig, slug, $"http://127.0.0.1:9/api/whatsapp/webhook/{slug}") },
        new("back", new RepairWebhook(), RunState.Compensated, (rig, slug) => rig.SeedAsync(slug, "open"))
        {
            Fault = new() { Kind = FaultKind.Pretend, Method = "POST", Path = "/webhook/set/*" }, CheckAsync = (rig, slug) => WebhookIsAsync(rig, slug, Old),
        },

        new("forward", new Reauthenticate(), RunState.Completed, (rig, slug) => rig.SeedAsync(slug, LoggedOut(slug), Config(slug))) { CheckAsync = OpenAsync },
        new("forward", new Reconnect(), RunState.Completed, (rig, slug) => rig.SeedAsync(slug, Named(slug, "close"), Config(slug))) { CheckAsync = OpenAsync },
        new("forward", new RestartInstance(), RunState.Completed, (rig, slug) => rig.SeedAsync(slug, Named(slug), Config(slug))) { CheckAsync = OpenAsync },
        new("forward", new WaitForStability(), RunState.Completed, (_, _) => Task.CompletedTask),

        new("stuck", new RecoverInstance(), RunState.Completed, (rig, slug) => rig.SeedAsync(slug, Named(slug, "connecting"), Config(slug))) { CheckAsync = OpenAsync },
        new("closed", new RecoverInstance(), RunState.Completed, (rig, slug) => rig.SeedAsync(slug, Named(slug, "close"), Config(slug))) { CheckAsync = OpenAsync },
        new("logged out", new RecoverInstance(), RunState.Completed, (rig, slug) => rig.SeedAsync(slug, LoggedOut(slug), Config(slug))) { CheckAsync = OpenAsync },
        new("missing", new RecoverInstance(), RunState.Completed, (rig, slug) => rig.SeedAsync(slug, null, Config(slug))) { CheckAsync = (rig, slug) => rig.AssertRenewedAsync(slug) },
        new("missing, back", new RecoverInstance(), RunState.Compensated, (rig, slug) => rig.SeedAsync(slug, null, Config(slug))) { Fault = NoConnect, KeepsRows = true },
        new("zombie", new RecoverInstance(), RunState.Compensated, (rig, slug) => rig.SeedAsync(slug, Named(slug) with { Zombie = true }, Config(slug)))
        {
            Parameters = new Dictionary<string, string> { ["from"] = "pairing" }, KeepsRows = true,
        },

        new("forward", new FixIsolation(), RunState.Completed, (rig, slug) => rig.SeedAsync(slug, Wrong(slug), Config(slug, $"wrong-{slug}")))
        {
            Touches = slug => [$"revalya-{slug}", $"wrong-{slug}"], CheckAsync = ReplacedAsync,
        },
        new("back", new FixIsolation(), RunState.Compensated, (rig, slug) => rig.SeedAsync(slug, Wrong(slug), Config(slug, $"wrong-{slug}")))
        {
            Touches = slug => [$"revalya-{slug}", $"wrong-{slug}"], Fault = NoDelete, KeepsRows = true, CheckAsync = WrongSpeaksAsync,
        },

        new("forward", new CleanOrphans(), RunState.Completed, OrphanAsync) { Touches = slug => [$"revalya-{slug}"], CheckAsync = GoneAsync },
        new("back", new CleanOrphans(), RunState.Compensated, OrphanAsync) { Fault = NoDelete, CheckAsync = (rig, slug) => WebhookIsAsync(rig, slug, Old) },
    ];

    private static string Config(string slug, string? instance = null) => $$"""{"instance_name":"{{instance ?? $"revalya-{slug}"}}","api_url":"{url}","environment":"production"}""";

    private static InstanceSeed Named(string slug, string state = "open") => new() { Name = $"revalya-{slug}", State = state, Paired = true, Webhook = new() { Url = Old } };

    private static InstanceSeed LoggedOut(string slug) => new() { Name = $"revalya-{slug}", State = "close", DisconnectionReasonCode = 401, Webhook = new() { Url = Old } };

    private static InstanceSeed Wrong(string slug) => new() { Name = $"wrong-{slug}", Webhook = new() { Url = Old } };

    // The number of the run is in its slug: a7 is on evo-8, where revalya-a7 has been nobody's for 8 days. The tenants keep orphans the minority.
    private static async Task OrphanAsync(ResetRig rig, string slug)
    {
        await rig.SeedAsync($"{slug}-a", "open", webhook: false);
        await rig.SeedAsync($"{slug}-b", "open", webhook: false);
        rig.Gateway.Seed(Named(slug, "close") with { Paired = false });
        var gateway = $"evo-{int.Parse(slug[1..], System.Globalization.CultureInfo.InvariantCulture) + 1}";
        await rig.Runs.Get<IOrphanStore>().RecordAsync("revalya", gateway, [$"revalya-{slug}"], DateTimeOffset.UtcNow.AddDays(-8), default);
    }

    private static Task OpenAsync(ResetRig rig, string slug)
    {
        Assert.Equal("open", rig.Instance(slug)!.State);
        return RowNamesItAsync(rig, slug);
    }

    private static async Task RowNamesItAsync(ResetRig rig, string slug)
    {
        var row = (await rig.IntegrationAsync(slug))!;
        Assert.Equal(($"revalya-{slug}", "connected"), (row.InstanceName, row.ConnectionStatus));
    }

    private static Task GoneAsync(ResetRig rig, string slug)
    {
        Assert.Null(rig.Instance(slug));
        return Task.CompletedTask;
    }

    private static Task WebhookIsAsync(ResetRig rig, string slug, string url)
    {
        Assert.Equal((url, true), (rig.Instance(slug)!.WebhookUrl, rig.Instance(slug)!.WebhookEnabled));
        return Task.CompletedTask;
    }

    private static async Task ReplacedAsync(ResetRig rig, string slug)
    {
        Assert.Null(rig.Gateway.Find($"wrong-{slug}"));
        await rig.AssertRenewedAsync(slug);
    }

    private static Task WrongSpeaksAsync(ResetRig rig, string slug)
    {
        var wrong = rig.Gateway.Find($"wrong-{slug}")!;
        Assert.Equal(("open", true), (wrong.State, wrong.WebhookEnabled));
        return Task.CompletedTask;
    }
}
