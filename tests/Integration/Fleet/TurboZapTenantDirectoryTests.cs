using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Fleet;
using WhatsOps.Tests.Integration.Gateways;
using WhatsOps.Tests.Integration.Runbooks;

namespace WhatsOps.Tests.Integration.Fleet;

/// <summary>A TurboZap that stands alone: its instances are its tenants, and its rows are never written.</summary>
public sealed class TurboZapTenantDirectoryTests
{
    [Fact]
    public async Task Its_instances_with_the_prefix_are_its_tenants_and_nothing_is_written()
    {
        await using var world = await TurboZapWorld.StartAsync();
        foreach (var name in (string[])["shop-a", "shop-b", "shop-", "other-c"]) await world.Gateway.SeedAsync(name, live: name != "shop-b");
        var system = new FleetSystem
        {
            Name = "shop", Kind = SystemKinds.TurboZap, InstancePrefix = "shop-", TenantDirectory = new() { Kind = SystemKinds.TurboZap, ConnectionString = world.Database.ConnectionString },
        };
        await using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddFleet().AddSingleton<IFleet>(new FixedFleet(new FleetDocument { Systems = [system] })).BuildServiceProvider();
        var directory = services.GetRequiredService<ITenantDirectory>();

        var tenants = await directory.ListAsync(system, default);
        Assert.Equal([("a", "shop-a", "connected"), ("b", "shop-b", "disconnected")], tenants.Select(tenant => (tenant.Slug, tenant.Integration!.InstanceName, tenant.Integration.ConnectionStatus)));
        Assert.All(tenants, tenant => Assert.True(tenant is { IsActive: true, Integration.IsActive: true }));
        Assert.Equal("b", (await directory.FindAsync(system, "b", default))!.Slug);
        Assert.Null(await directory.FindAsync(system, "c", default));
        await directory.SaveIntegrationAsync(system, "b", new("shop-b", "http://127.0.0.1", null, true, "connected"), default);
        Assert.Equal(0, await directory.DeleteIntegrationAsync(system, "b", default));
        Assert.Equal("disconnected", (await directory.FindAsync(system, "b", default))!.Integration!.ConnectionStatus);
        Assert.Equal(2, (await services.GetRequiredService<IIntegrationRows>().ReadAsync(system, default)).TenantCount);
    }

    [Fact]
    public async Task Doctor_is_told_what_is_missing()
    {
        await using var world = await TurboZapWorld.StartAsync();
        await world.ExecuteAsync("ALTER TABLE instances DROP COLUMN device_jid");
        var system = new FleetSystem { Name = "shop", Kind = SystemKinds.TurboZap, TenantDirectory = new() { Kind = SystemKinds.TurboZap, ConnectionString = world.Database.ConnectionString } };
        await using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddFleet().AddSingleton<IFleet>(new FixedFleet(new FleetDocument { Systems = [system] })).BuildServiceProvider();
        var state = await services.GetRequiredService<ITenantDirectoryInspector>().InspectAsync(system, default);
        Assert.Equal(["instances.device_jid"], state.MissingColumns);
        Assert.Empty(state.MissingWrites);
    }
}
