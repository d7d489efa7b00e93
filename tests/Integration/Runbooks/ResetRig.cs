using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Cli.Up;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Runbooks;
using WhatsOps.Simulator;
using WhatsOps.Tests.Integration.Durable;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Runbooks;

/// <summary>Everything that runbooks touch: a simulated gateway, the product's tables, and the runbooks between them.</summary>
internal sealed class ResetRig : IAsyncDisposable
{
    public const string OldSecret = "s3cret-of-the-product";
    public const string OldApiKey = "key-the-product-keeps-in-clear";

    // Nobody listens there: a removal that delivered its last webhook would hang for 20 minutes.
    private const string OldWebhook = "http://127.0.0.1:9/product";

    private ResetRig(EvolutionSimulator gateway, TestDatabase product, RunbookRig runs) => (Gateway, Product, Runs) = (gateway, product, runs);

    public EvolutionSimulator Gateway { get; }

    public TestDatabase Product { get; }

    public RunbookRig Runs { get; }

    public static async Task<ResetRig> CreateAsync(
        TimeSpan? scanAfter = null, string version = "2.3.6", double timeScale = 0.02, WebhookOptions? webhook = null, int gateways = 1,
        SimulatorOptions? options = null, SystemThresholds? thresholds = null)
    {
        var gateway = await EvolutionSimulator.StartAsync((options ?? new()) with { Version = version, AutoScanAfter = scanAfter });
        var product = await Databases.RevalyaAsync();
        var system = new FleetSystem
        {
            Name = "revalya",
            Kind = "evolution",
            InstancePrefix = "revalya-",
            // More than one name for the one gateway: runs about a whole gateway are one at a time for each name.
            Gateways = [.. Enumerable.Range(1, gateways).Select(number => new GatewayEndpoint { Name = $"evo-{number}", Url = gateway.Url, ApiKey = gateway.ApiKey })],
            TenantDirectory = new() { Kind = "revalya", ConnectionString = product.ConnectionString },
            Thresholds = thresholds ?? new(),
            Webhook = webhook ?? new() { BaseUrl = "http://127.0.0.1:9", DeliverTo = "none" },
        };
        return new(gateway, product, await RunbookRig.CreateAsync(RunbookRig.Document(system), timeScale));
    }

    /// <summary>A tenant as the product left it, with an instance in this state; a null state means none.</summary>
    public async Task SeedAsync(string slug, string? state = "close", bool row = true, bool webhook = true)
    {
        var config = row ? $$"""{"instance_name":"revalya-{{slug}}","api_url":"{{Gateway.Url}}","api_key":"{{OldApiKey}}","environment":"production"}""" : null;
        await RevalyaTables.SeedAsync(Product.DataSource, slug, config, webhookUrl: OldWebhook, connectionStatus: "disconnected");
        if (state is not null)
            Gateway.Seed(new InstanceSeed
            {
                Name = $"revalya-{slug}",
                State = state,
                Webhook = webhook ? new() { Url = OldWebhook, Headers = new Dictionary<string, string> { ["x-product"] = OldSecret } } : null,
            });
    }

    /// <summary>A tenant whose row says this config, with this instance; null for none.</summary>
    public async Task SeedAsync(string slug, InstanceSeed? instance, string? config)
    {
        await RevalyaTables.SeedAsync(Product.DataSource, slug, config?.Replace("{url}", Gateway.Url, StringComparison.Ordinal), webhookUrl: OldWebhook, connectionStatus: "disconnected");
        if (instance is not null) Gateway.Seed(instance);
    }

    public Task<Run> OpenAsync(string slug) => OpenAsync(new ResetIntegration(), slug);

    /// <summary>An approved run about a tenant.</summary>
    public async Task<Run> OpenAsync(Runbook runbook, string slug, IReadOnlyDictionary<string, string>? parameters = null) =>
        await Runs.OpenAsync(runbook, RunParameters.Read(runbook, await Runs.Get<TargetResolver>().ResolveAsync("revalya", slug, default), parameters));

    /// <summary>An approved run about a whole gateway.</summary>
    public async Task<Run> OpenForGatewayAsync(Runbook runbook, string gateway = "evo-1", IReadOnlyDictionary<string, string>? parameters = null) =>
        await Runs.OpenAsync(runbook, await Runs.Get<TargetResolver>().ResolveGatewayAsync("revalya", gateway, default) with { Parameters = parameters });

    /// <summary>The run as it ended.</summary>
    public async Task<Run> EndAsync(Run run, Runbook runbook)
    {
        await Runs.DriveAsync(run, runbook);
        return (await Runs.Runs.FindAsync(run.Id, default))!;
    }

    /// <summary>One run about a tenant from its request to its end.</summary>
    public async Task<Run> RunAsync(Runbook runbook, string slug, IReadOnlyDictionary<string, string>? parameters = null) =>
        await EndAsync(await OpenAsync(runbook, slug, parameters), runbook);

    /// <summary>The refusal of a run that is not even planned.</summary>
    public Task<ProblemException> RefusedAsync(Runbook runbook, string slug, IReadOnlyDictionary<string, string>? parameters = null) =>
        Assert.ThrowsAsync<ProblemException>(() => OpenAsync(runbook, slug, parameters));

    /// <summary>The branch that a Choose of a run took; null when it came to none.</summary>
    public async Task<string?> ChosenAsync(Run run, string step) =>
        (await Runs.Runs.StepsAsync(run.Id, default)).SingleOrDefault(row => row.Step == step && row.Phase == Phase.Act)?.Values.SingleOrDefault();

    public async Task<TenantIntegration?> IntegrationAsync(string slug) => (await Runs.Get<ITenantDirectory>().FindAsync(Runs.Fleet.Document.Systems[0], slug, default))?.Integration;

    /// <summary>The webhook as the gateway has it, headers included.</summary>
    public async Task<WebhookSettings?> WebhookAsync(string slug)
    {
        var system = Runs.Fleet.Document.Systems[0];
        return (await Runs.Get<IGateways>().Open(system, system.Gateways[0]).WebhookAsync($"revalya-{slug}", default)).Value;
    }

    public async Task<(Run Run, RunState State)> ResetAsync(string slug)
    {
        var run = await OpenAsync(slug);
        var state = await Runs.DriveAsync(run, new ResetIntegration());
        return ((await Runs.Runs.FindAsync(run.Id, default))!, state);
    }

    public async Task ExecuteOnProductAsync(string sql)
    {
        await using var command = Product.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>From now on the product drops every instance name that is written: nothing that is saved takes.</summary>
    public Task ForgetInstanceNamesAsync() => ExecuteOnProductAsync(
        """
        CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.config := NEW.config - 'instance_name'; RETURN NEW; END $$;
        CREATE TRIGGER forget BEFORE INSERT OR UPDATE ON tenant_integrations FOR EACH ROW EXECUTE FUNCTION forget();
        """);

    /// <summary>The embedded engine with the runbook's orchestrator, in front of the steps of a process.</summary>
    public Task<TestEngine> StartEngineAsync(Runbook runbook, ServiceProvider process, int activities = 20) => Runs.StartEngineAsync(runbook, process, activities);

    /// <summary>The tenant's whatsapp rows, whole.</summary>
    public async Task<string?> RowsAsync(string slug)
    {
        await using var command = Product.DataSource.CreateCommand(
            "SELECT jsonb_agg(to_jsonb(i))::text FROM tenant_integrations i JOIN tenants t ON t.id = i.tenant_id WHERE t.slug = $1");
        command.Parameters.Add(new() { Value = slug });
        return await command.ExecuteScalarAsync() as string;
    }

    /// <summary>Calls that changed something about an instance, as <c>METHOD /path</c> without the name.</summary>
    public IReadOnlyList<string> Acts(string slug) => ActsOn($"revalya-{slug}");

    /// <summary>The same by the instance's exact name.</summary>
    public IReadOnlyList<string> ActsOn(string instance) =>
        [.. Gateway.Calls.Where(call => call.Instance == instance && call.Acted).Select(call => $"{call.Method} {call.Path.Replace($"/{instance}", "", StringComparison.Ordinal)}")];

    public InstanceView? Instance(string slug) => Gateway.Find($"revalya-{slug}");

    /// <summary>What must hold after a completed reset.</summary>
    public async Task AssertRenewedAsync(string slug)
    {
        var instance = Instance(slug);
        Assert.NotNull(instance);
        Assert.Equal(("open", $"http://127.0.0.1:9/api/whatsapp/webhook/{slug}", true), (instance.State, instance.WebhookUrl, instance.WebhookEnabled));
        var integration = (await Runs.Get<ITenantDirectory>().FindAsync(Runs.Fleet.Document.Systems[0], slug, default))!.Integration!;
        Assert.Equal(($"revalya-{slug}", true, "connected"), (integration.InstanceName, integration.IsActive, integration.ConnectionStatus));
        // A second create would be a second instance for a moment, and a race.
        Assert.Single(Acts(slug), act => act.StartsWith("POST /instance/create", StringComparison.Ordinal));
    }

    /// <summary>What must hold after a reset that was taken back: the product as it was, and its webhook where an instance lives.</summary>
    public async Task AssertTakenBackAsync(string slug, string? rowsBefore)
    {
        Assert.Equal(rowsBefore, await RowsAsync(slug));
        if (Instance(slug) is { } instance) Assert.Equal((OldWebhook, true), (instance.WebhookUrl, instance.WebhookEnabled));
    }

    public async ValueTask DisposeAsync()
    {
        await Runs.DisposeAsync();
        await Product.DisposeAsync();
        await Gateway.DisposeAsync();
    }
}
