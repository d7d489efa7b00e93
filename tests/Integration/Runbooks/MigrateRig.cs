using WhatsOps.Cli.Up;
using WhatsOps.Fleet;
using WhatsOps.Runbooks;
using WhatsOps.Simulator;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Runbooks;

/// <summary>Everything that a migration touches: two simulated gateways, the product's tables, and the runbooks between them.</summary>
internal sealed class MigrateRig : IAsyncDisposable
{
    public const string OldWebhook = "http://127.0.0.1:9/product", OldSecret = "s3cret-of-the-product", OldKey = "key-of-the-old-gateway", NewKey = "key-of-the-new-gateway";

    /// <summary>Path of the step at which a person changes the product's key.</summary>
    public const string PutKey = "api-key.ask.put-key";

    public static readonly Runbook Runbook = new MigrateInstance();

    private MigrateRig(EvolutionSimulator old, EvolutionSimulator target, TestDatabase product, RunbookRig runs) => (Old, New, Product, Runs) = (old, target, product, runs);

    public EvolutionSimulator Old { get; }

    public EvolutionSimulator New { get; }

    public TestDatabase Product { get; }

    public RunbookRig Runs { get; }

    public FleetSystem System => Runs.Fleet.Document.Systems[0];

    /// <param name="scanAfter">When a phone scans the new gateway's code; null never.</param>
    public static async Task<MigrateRig> CreateAsync(
        TimeSpan? scanAfter = null, string oldVersion = "2.3.6", string newVersion = "2.3.6", double timeScale = 0.02, WebhookOptions? webhook = null)
    {
        var old = await EvolutionSimulator.StartAsync(new() { Version = oldVersion, ApiKey = OldKey });
        var target = await EvolutionSimulator.StartAsync(new() { Version = newVersion, ApiKey = NewKey, AutoScanAfter = scanAfter, RandomSeed = 2, TimeScale = 20 });
        var product = await Databases.RevalyaAsync();
        var system = new FleetSystem
        {
            Name = "revalya",
            Kind = "evolution",
            InstancePrefix = "revalya-",
            Gateways = [new() { Name = "evo-1", Url = old.Url, ApiKey = OldKey }, new() { Name = "evo-2", Url = target.Url, ApiKey = NewKey }],
            TenantDirectory = new() { Kind = "revalya", ConnectionString = product.ConnectionString },
            Webhook = webhook ?? new() { BaseUrl = "http://127.0.0.1:9", DeliverTo = "none" },
        };
        return new(old, target, product, await RunbookRig.CreateAsync(RunbookRig.Document(system), timeScale));
    }

    /// <summary>A tenant that works on the old gateway.</summary>
    /// <param name="apiKey">What the product keeps as config.api_key; null for none.</param>
    public async Task SeedAsync(string slug, string? apiKey = null, string webhook = OldWebhook, bool headers = true)
    {
        var key = apiKey is null ? "" : $"\"api_key\":\"{apiKey}\",";
        await RevalyaTables.SeedAsync(
            Product.DataSource, slug, $$"""{"instance_name":"revalya-{{slug}}","api_url":"{{Old.Url}}",{{key}}"environment":"production"}""", webhookUrl: webhook, connectionStatus: "connected");
        Old.Seed(new InstanceSeed
        {
            Name = $"revalya-{slug}",
            Webhook = new() { Url = webhook, Headers = headers ? new Dictionary<string, string> { ["x-product"] = OldSecret } : null },
        });
    }

    public async Task<Run> OpenAsync(string slug, string to = "evo-2")
    {
        var place = await Runs.Get<TargetResolver>().ResolveAsync("revalya", slug, default);
        return await Runs.OpenAsync(Runbook, RunParameters.Read(Runbook, place, new Dictionary<string, string> { ["toGateway"] = to }));
    }

    public async Task<Run> MigrateAsync(string slug)
    {
        var run = await OpenAsync(slug);
        await Runs.DriveAsync(run, Runbook);
        return (await Runs.Runs.FindAsync(run.Id, default))!;
    }

    public InstanceView? OnOld(string slug) => Old.Find($"revalya-{slug}");

    public InstanceView? OnNew(string slug) => New.Find($"revalya-{slug}");

    /// <summary>Calls that changed something about an instance, as <c>METHOD /path</c> without the name.</summary>
    public static IReadOnlyList<string> Acts(EvolutionSimulator gateway, string slug) =>
        [.. gateway.Calls.Where(call => call.Instance == $"revalya-{slug}" && call.Acted).Select(call => $"{call.Method} {call.Path.Replace($"/revalya-{slug}", "", StringComparison.Ordinal)}")];

    /// <summary>The tenant's whatsapp rows, whole.</summary>
    public async Task<string?> RowsAsync(string slug)
    {
        await using var command = Product.DataSource.CreateCommand(
            "SELECT jsonb_agg(to_jsonb(i))::text FROM tenant_integrations i JOIN tenants t ON t.id = i.tenant_id WHERE t.slug = $1");
        command.Parameters.Add(new() { Value = slug });
        return await command.ExecuteScalarAsync() as string;
    }

    public async Task ExecuteOnProductAsync(string sql)
    {
        await using var command = Product.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>From now on the product forgets the instance's name with every update, so the proof before the point of no return fails.</summary>
    public Task FailProofAsync() => ExecuteOnProductAsync(
        """
        CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.config := NEW.config - 'instance_name'; RETURN NEW; END $$;
        CREATE TRIGGER forget BEFORE UPDATE ON tenant_integrations FOR EACH ROW EXECUTE FUNCTION forget();
        """);

    /// <summary>A person who puts the new key into every row that waits for it, until told to stop.</summary>
    public async Task PutKeysAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            foreach (var run in await Runs.Runs.ListAsync(new(OpenOnly: true), default))
                if (run.CurrentStep == PutKey)
                    await ExecuteOnProductAsync(
                        $$"""
                        UPDATE tenant_integrations SET config = config || '{"api_key":"{{NewKey}}"}'
                        WHERE tenant_id = (SELECT id FROM tenants WHERE slug = '{{run.Target.Tenant}}') AND config ->> 'api_key' <> '{{NewKey}}'
                        """);
            await Task.Delay(50, CancellationToken.None);
        }
    }

    public async Task<TenantIntegration> RowAsync(string slug) => (await Runs.Get<ITenantDirectory>().FindAsync(System, slug, default))!.Integration!;

    /// <summary>What must hold after a completed migration.</summary>
    public async Task AssertMovedAsync(string slug, string? webhook = null)
    {
        var instance = OnNew(slug);
        Assert.NotNull(instance);
        Assert.Equal(("open", webhook ?? $"http://127.0.0.1:9/api/whatsapp/webhook/{slug}", true), (instance.State, instance.WebhookUrl, instance.WebhookEnabled));
        Assert.Null(OnOld(slug));
        var row = await RowAsync(slug);
        Assert.Equal(($"revalya-{slug}", New.Url, true, "connected"), (row.InstanceName, row.ApiUrl, row.IsActive, row.ConnectionStatus));
        Assert.Single(Acts(New, slug), act => act.StartsWith("POST /instance/create", StringComparison.Ordinal));
    }

    /// <summary>What must hold after a migration that was taken back: all as it was, and nothing left on the new gateway.</summary>
    public async Task AssertTakenBackAsync(string slug, string? rowsBefore, InstanceView before)
    {
        Assert.Equal(rowsBefore, await RowsAsync(slug));
        Assert.Equal(before, OnOld(slug));
        Assert.Null(OnNew(slug));
    }

    public async ValueTask DisposeAsync()
    {
        await Runs.DisposeAsync();
        await Product.DisposeAsync();
        await Old.DisposeAsync();
        await New.DisposeAsync();
    }
}
