using WhatsOps.Cli.Up;
using WhatsOps.Fleet;
using WhatsOps.Runbooks;
using WhatsOps.Simulator;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Runbooks;

/// <summary>Everything that a reset touches: a simulated gateway, the product's tables, and the runbooks between them.</summary>
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
        TimeSpan? scanAfter = null, string version = "2.3.6", double timeScale = 0.02, WebhookOptions? webhook = null)
    {
        var gateway = await EvolutionSimulator.StartAsync(new() { Version = version, AutoScanAfter = scanAfter });
        var product = await Databases.RevalyaAsync();
        var system = new FleetSystem
        {
            Name = "revalya",
            Kind = "evolution",
            InstancePrefix = "revalya-",
            Gateways = [new() { Name = "evo-1", Url = gateway.Url, ApiKey = gateway.ApiKey }],
            TenantDirectory = new() { Kind = "revalya", ConnectionString = product.ConnectionString },
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

    public async Task<Run> OpenAsync(string slug)
    {
        var target = await Runs.Get<TargetResolver>().ResolveAsync("revalya", slug, default);
        return await Runs.OpenAsync(new ResetIntegration(), target);
    }

    public async Task<(Run Run, RunState State)> ResetAsync(string slug)
    {
        var run = await OpenAsync(slug);
        var state = await Runs.DriveAsync(run, new ResetIntegration());
        return ((await Runs.Runs.FindAsync(run.Id, default))!, state);
    }

    /// <summary>The tenant's whatsapp rows, whole.</summary>
    public async Task<string?> RowsAsync(string slug)
    {
        await using var command = Product.DataSource.CreateCommand(
            "SELECT jsonb_agg(to_jsonb(i))::text FROM tenant_integrations i JOIN tenants t ON t.id = i.tenant_id WHERE t.slug = $1");
        command.Parameters.Add(new() { Value = slug });
        return await command.ExecuteScalarAsync() as string;
    }

    /// <summary>Calls that changed something about an instance, as <c>METHOD /path</c> without the name.</summary>
    public IReadOnlyList<string> Acts(string slug) =>
        [.. Gateway.Calls.Where(call => call.Instance == $"revalya-{slug}" && call.Acted).Select(call => $"{call.Method} {call.Path.Replace($"/revalya-{slug}", "", StringComparison.Ordinal)}")];

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
