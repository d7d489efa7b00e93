using WhatsOps.Cli.Up;
using WhatsOps.Fleet;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Fleet;

public sealed class RevalyaTenantDirectoryTests : IAsyncLifetime
{
    private FleetFixture _fleet = null!;
    private TestDatabase _product = null!;
    private FleetSystem _system = null!;

    private ITenantDirectory Directory => _fleet.Get<ITenantDirectory>();

    public async ValueTask InitializeAsync()
    {
        _product = await Databases.RevalyaAsync();
        _fleet = await FleetFixture.CreateAsync(new() { ["REVALYA_DATABASE"] = _product.ConnectionString });
        _system = new FleetSystem
        {
            Name = "revalya", Kind = "evolution",
            TenantDirectory = new TenantDirectoryOptions { Kind = "revalya", ConnectionString = "${env:REVALYA_DATABASE}" },
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _fleet.DisposeAsync();
        await _product.DisposeAsync();
    }

    [Fact]
    public async Task Lists_every_tenant_active_or_not_with_its_production_integration()
    {
        await RevalyaTables.SeedAsync(_product.DataSource, "acme", """{"instance_name":"revalya-acme","api_url":"http://gw"}""", webhookUrl: "http://hook");
        await RevalyaTables.SeedAsync(_product.DataSource, "acme", """{"instance_name":"sandbox"}""", environment: "sandbox");
        await RevalyaTables.SeedAsync(_product.DataSource, "bare", tenantActive: false);
        await RevalyaTables.SeedAsync(_product.DataSource, "empty", """{"instance_name":""}""", integrationActive: false, connectionStatus: null);

        var tenants = await Directory.ListAsync(_system, CancellationToken.None);

        Assert.Equal(["acme", "bare", "empty"], tenants.Select(tenant => tenant.Slug));
        Assert.Equal(("revalya-acme", true, "connected", "http://gw", "http://hook"),
            (tenants[0].Integration!.InstanceName, tenants[0].Integration!.IsActive, tenants[0].Integration!.ConnectionStatus, tenants[0].Integration!.ApiUrl, tenants[0].Integration!.WebhookUrl));
        Assert.False(tenants[1].IsActive);
        Assert.Null(tenants[1].Integration);
        Assert.Null(tenants[2].Integration!.InstanceName);
        Assert.False(tenants[2].Integration!.IsActive);
    }

    [Fact]
    public async Task A_slug_matches_exactly_and_nothing_else()
    {
        await RevalyaTables.SeedAsync(_product.DataSource, "acme2", """{"instance_name":"revalya-acme2"}""");
        await RevalyaTables.SeedAsync(_product.DataSource, "a_me", """{"instance_name":"revalya-a_me"}""");

        Assert.Null(await Directory.FindAsync(_system, "acme", CancellationToken.None));
        Assert.Null(await Directory.FindAsync(_system, "%", CancellationToken.None));
        Assert.Null(await Directory.FindAsync(_system, "ACME2", CancellationToken.None));
        Assert.Equal(0, await Directory.DeleteIntegrationAsync(_system, "acme", CancellationToken.None));
        Assert.Equal("a_me", (await Directory.FindAsync(_system, "a_me", CancellationToken.None))!.Slug);
    }

    [Fact]
    public async Task What_a_reset_deletes_comes_back_exactly_as_it_was()
    {
        await RevalyaTables.SeedAsync(_product.DataSource, "acme", """{"instance_name":"revalya-acme","api_key":"k","extra":{"n":1.50}}""");
        await RevalyaTables.SeedAsync(_product.DataSource, "acme", """{"instance_name":"s"}""", environment: "sandbox");
        await RevalyaTables.SeedAsync(_product.DataSource, "other", """{"instance_name":"revalya-other"}""");
        var before = await RowsAsync();

        var export = await Directory.ExportIntegrationAsync(_system, "acme", CancellationToken.None);
        Assert.Equal(2, await Directory.DeleteIntegrationAsync(_system, "acme", CancellationToken.None));
        Assert.Null((await Directory.FindAsync(_system, "acme", CancellationToken.None))!.Integration);
        await Directory.ImportIntegrationAsync(_system, "acme", export, CancellationToken.None);
        await Directory.ImportIntegrationAsync(_system, "acme", export, CancellationToken.None);

        Assert.Equal(before, await RowsAsync());
    }

    [Fact]
    public async Task An_export_of_one_tenant_cannot_be_written_into_another()
    {
        await RevalyaTables.SeedAsync(_product.DataSource, "acme", """{"instance_name":"revalya-acme"}""");
        await RevalyaTables.SeedAsync(_product.DataSource, "other");
        var export = await Directory.ExportIntegrationAsync(_system, "acme", CancellationToken.None);

        await Directory.ImportIntegrationAsync(_system, "other", export, CancellationToken.None);

        Assert.Null((await Directory.FindAsync(_system, "other", CancellationToken.None))!.Integration);
        Assert.NotNull((await Directory.FindAsync(_system, "acme", CancellationToken.None))!.Integration);
    }

    [Fact]
    public async Task Saving_twice_leaves_one_row_without_a_key_and_keeps_what_was_in_config()
    {
        await RevalyaTables.SeedAsync(_product.DataSource, "fresh");
        await RevalyaTables.SeedAsync(_product.DataSource, "known", """{"instance_name":"old","theme":"dark"}""", webhookUrl: "http://kept");
        var saved = new SavedIntegration("revalya-fresh", "http://gw", "http://hook/fresh", true, "connecting");

        await Directory.SaveIntegrationAsync(_system, "fresh", saved, CancellationToken.None);
        await Directory.SaveIntegrationAsync(_system, "fresh", saved, CancellationToken.None);
        await Directory.SaveIntegrationAsync(_system, "known", saved with { InstanceName = "revalya-known", WebhookUrl = null }, CancellationToken.None);

        var fresh = (await Directory.FindAsync(_system, "fresh", CancellationToken.None))!.Integration!;
        Assert.Equal(("revalya-fresh", true, "connecting", "http://gw", "http://hook/fresh"), (fresh.InstanceName, fresh.IsActive, fresh.ConnectionStatus, fresh.ApiUrl, fresh.WebhookUrl));
        Assert.Equal("http://kept", (await Directory.FindAsync(_system, "known", CancellationToken.None))!.Integration!.WebhookUrl);
        var rows = await RowsAsync();
        Assert.Contains("\"theme\": \"dark\"", rows, StringComparison.Ordinal);
        Assert.DoesNotContain("api_key", rows, StringComparison.Ordinal);
        var problem = await Assert.ThrowsAsync<ProblemException>(() => Directory.SaveIntegrationAsync(_system, "nobody", saved, CancellationToken.None));
        Assert.Equal(404, problem.Status);
    }

    [Fact]
    public async Task The_older_column_active_and_missing_optional_columns_are_understood()
    {
        await ExecuteAsync(
            """
            ALTER TABLE tenants RENAME COLUMN is_active TO active;
            ALTER TABLE tenant_integrations DROP COLUMN connection_status, DROP COLUMN webhook_url, DROP COLUMN updated_at, DROP COLUMN environment;
            """);
        await ExecuteAsync("""
            INSERT INTO tenants (name, slug, active) VALUES ('acme', 'acme', false);
            INSERT INTO tenant_integrations (tenant_id, integration_type, is_active, config) SELECT id, 'whatsapp', true, '{"instance_name":"x"}' FROM tenants;
            """);

        await Directory.SaveIntegrationAsync(_system, "acme", new SavedIntegration("revalya-acme", "http://gw", "http://h", false, "close"), CancellationToken.None);
        var tenant = (await Directory.FindAsync(_system, "acme", CancellationToken.None))!;

        Assert.Equal((false, "revalya-acme", (string?)null), (tenant.IsActive, tenant.Integration!.InstanceName, tenant.Integration.ConnectionStatus));
    }

    [Fact]
    public async Task A_table_that_lacks_what_we_need_is_named()
    {
        await ExecuteAsync("ALTER TABLE tenant_integrations DROP COLUMN config");

        var problem = await Assert.ThrowsAsync<ProblemException>(() => Directory.ListAsync(_system, CancellationToken.None));

        Assert.Contains("tenant_integrations.config", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Row_level_security_that_hides_everything_is_not_an_empty_fleet()
    {
        await RevalyaTables.SeedAsync(_product.DataSource, "acme");
        await ExecuteAsync(
            """
            ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
            DO $$ BEGIN CREATE ROLE narrow LOGIN PASSWORD 'narrow'; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            GRANT SELECT ON tenants, tenant_integrations TO narrow;
            """);
        var narrow = new Npgsql.NpgsqlConnectionStringBuilder(_product.ConnectionString) { Username = "narrow", Password = "narrow" }.ConnectionString;
        await using var fleet = await FleetFixture.CreateAsync(new() { ["REVALYA_DATABASE"] = narrow });

        var problem = await Assert.ThrowsAsync<ProblemException>(() => fleet.Get<ITenantDirectory>().ListAsync(_system, CancellationToken.None));

        Assert.Contains("Row level security", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ping_times_a_round_trip_and_a_bad_connection_string_is_told_without_its_password()
    {
        Assert.True(await Directory.PingAsync(_system, CancellationToken.None) >= TimeSpan.Zero);

        await using var fleet = await FleetFixture.CreateAsync(new() { ["REVALYA_DATABASE"] = "Hots=x;Password=hunter2" });
        var problem = await Assert.ThrowsAsync<ProblemException>(() => fleet.Get<ITenantDirectory>().PingAsync(_system, CancellationToken.None));
        Assert.DoesNotContain("hunter2", problem.ToString(), StringComparison.Ordinal);
    }

    private async Task<string> RowsAsync()
    {
        await using var command = _product.DataSource.CreateCommand("SELECT string_agg(to_jsonb(i)::text, E'\n' ORDER BY id) FROM tenant_integrations i");
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _product.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
