using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using WhatsOps.Fleet;
using WhatsOps.Tests.Integration.Gateways;
using WhatsOps.Tests.Integration.Runbooks;

namespace WhatsOps.Tests.Integration.Fleet;

/// <summary>TaktChat's companies as tenants: one per WhatsApp connection, and nothing of its tables is written.</summary>
public sealed class TaktChatTenantDirectoryTests
{
    [Fact]
    public async Task Each_WhatsApp_connection_is_a_tenant_of_its_company_and_nothing_is_written()
    {
        await using var world = await TaktChatWorld.StartAsync();
        await world.Gateway.SeedAsync(1, 7);
        await world.Gateway.SeedAsync(12, 8, "qrcode");
        await world.Gateway.SeedAsync(12, 9, channel: "instagram");
        await world.Gateway.SeedAsync(13, 10);
        await world.ExecuteAsync("""UPDATE "Companies" SET status = false WHERE id = 13""");
        var (system, _) = world.Place();
        await using var services = Services(system);
        var directory = services.GetRequiredService<ITenantDirectory>();

        var tenants = await directory.ListAsync(system, default);
        Assert.Equal(
            [("1-7", true, "CONNECTED"), ("12-8", true, "qrcode"), ("13-10", false, "CONNECTED")],
            tenants.Select(tenant => (tenant.Slug, tenant.IsActive, tenant.Integration!.ConnectionStatus)));
        Assert.All(tenants, tenant => Assert.Equal(tenant.Slug, tenant.Integration!.InstanceName));
        Assert.Equal("12-8", (await directory.FindAsync(system, "12-8", default))!.Slug);
        foreach (var slug in (string[])["12", "12-9", "1-8", "2-8", "12-8 ", ""]) Assert.Null(await directory.FindAsync(system, slug, default));
        await directory.SaveIntegrationAsync(system, "12-8", new("12-8", "http://127.0.0.1", null, true, "connected"), default);
        Assert.Equal(0, await directory.DeleteIntegrationAsync(system, "12-8", default));
        Assert.Equal("qrcode", (await directory.FindAsync(system, "12-8", default))!.Integration!.ConnectionStatus);
        Assert.Equal(3, (await services.GetRequiredService<IIntegrationRows>().ReadAsync(system, default)).TenantCount);
    }

    [Fact]
    public async Task The_columns_that_are_documented_are_enough()
    {
        await using var world = await TaktChatWorld.StartAsync();
        await world.Gateway.SeedAsync(1, 7);
        await world.ExecuteAsync(
            """
            DO $$ BEGIN CREATE ROLE taktreader LOGIN PASSWORD 'taktreader'; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            GRANT SELECT (id, "companyId", status, channel, "updatedAt") ON "Whatsapps" TO taktreader;
            GRANT SELECT (id, status) ON "Companies" TO taktreader;
            """);
        var (system, _) = world.Place();
        var reader = new NpgsqlConnectionStringBuilder(world.Database.ConnectionString) { Username = "taktreader", Password = "taktreader" }.ConnectionString;
        system = system with { TenantDirectory = system.TenantDirectory! with { ConnectionString = reader } };
        await using var services = Services(system);
        Assert.Equal("1-7", Assert.Single(await services.GetRequiredService<ITenantDirectory>().ListAsync(system, default)).Slug);
        Assert.Empty((await services.GetRequiredService<ITenantDirectoryInspector>().InspectAsync(system, default)).MissingColumns);
        await world.ExecuteAsync("""REVOKE SELECT (status) ON "Companies" FROM taktreader""");
        Assert.Equal(["Companies.status"], (await services.GetRequiredService<ITenantDirectoryInspector>().InspectAsync(system, default)).MissingColumns);
    }

    private static ServiceProvider Services(FleetSystem system) =>
        new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddFleet().AddSingleton<IFleet>(new FixedFleet(new FleetDocument { Systems = [system] })).BuildServiceProvider();
}
