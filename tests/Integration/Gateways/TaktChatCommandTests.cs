using WhatsOps.Diagnosis;
using WhatsOps.Gateways;

namespace WhatsOps.Tests.Integration.Gateways;

/// <summary>What is done to a connection: started, paired, restarted, logged out.</summary>
public sealed class TaktChatCommandTests
{
    [Fact]
    [Capability("R-012")]
    public async Task What_is_down_is_started_what_was_wiped_gets_a_new_code_and_what_opens_is_left_alone()
    {
        await using var world = await TaktChatWorld.StartAsync();
        await world.Gateway.SeedAsync(1, 7, "DISCONNECTED", hasKeys: true);
        await world.Gateway.SeedAsync(1, 8, "PENDING");
        await world.Gateway.SeedAsync(1, 9, "OPENING");
        await world.Gateway.SeedAsync(1, 10, "qrcode");
        var gateway = world.Open();

        Assert.Equal((InstanceState.Open, null), (await gateway.ConnectAsync("1-7", default)).Value is { } opened ? (opened.State, opened.Qr) : default);
        var wiped = (await gateway.ConnectAsync("1-8", default)).Value!;
        Assert.Equal(InstanceState.Connecting, wiped.State);
        Assert.StartsWith("2@", wiped.Qr, StringComparison.Ordinal);
        Assert.DoesNotContain(wiped.Qr!, wiped.ToString(), StringComparison.Ordinal);
        Assert.Equal((InstanceState.Connecting, null), (await gateway.ConnectAsync("1-9", default)).Value is { } opening ? (opening.State, opening.Qr) : default);
        Assert.NotNull((await gateway.ConnectAsync("1-10", "5511999990000", default)).Value!.Qr);
        Assert.Equal(["POST /whatsappsession/7", "PUT /whatsappsession/8"], world.Gateway.Calls.Where(call => call.Contains("whatsappsession", StringComparison.Ordinal)));

        await world.Gateway.ScanAsync(8);
        await TaktChatWorld.AssertOpenAsync(gateway, "1-8");
    }

    [Fact]
    public async Task Codes_are_counted_once_each_also_when_TaktChat_gave_up_and_is_started_anew()
    {
        await using var world = await TaktChatWorld.StartAsync();
        await world.Gateway.SeedAsync(1, 7, "qrcode");
        await world.Gateway.SeedAsync(1, 8, "qrcode");
        async Task<int?> CountAsync(string name) => (await world.Open().ConnectAsync(name, default)).Value!.Count;
        Assert.Equal((1, 1, 1), (await CountAsync("1-7"), await CountAsync("1-7"), await CountAsync("1-8")));
        await world.Gateway.GiveUpAsync(7);
        Assert.Equal((2, 2, 1), (await CountAsync("1-7"), await CountAsync("1-7"), await CountAsync("1-8")));
        await world.Gateway.ScanAsync(7);
        Assert.Null(await CountAsync("1-7"));
    }

    [Fact]
    public async Task A_connected_one_restarts_only_where_its_company_has_no_other()
    {
        await using var world = await TaktChatWorld.StartAsync();
        var line = await world.Gateway.SeedAsync(1, 7);
        var gateway = world.Open();
        var before = line.UpdatedAt;
        Assert.Equal(GatewayResult.Done, (await gateway.RestartAsync("1-7", default)).Result);
        Assert.Contains("POST /whatsapp-restart/", world.Gateway.Calls);
        Assert.True(line.UpdatedAt > before);

        await world.Gateway.SeedAsync(1, 8, "DISCONNECTED", hasKeys: true);
        var refused = await gateway.RestartAsync("1-7", default);
        Assert.Equal(GatewayResult.Failed, refused.Result);
        Assert.Contains("with all 2 connections", refused.Detail, StringComparison.Ordinal);
        Assert.Equal(GatewayResult.Done, (await gateway.RestartAsync("1-8", default)).Result);
        Assert.Single(world.Gateway.Calls, call => call == "POST /whatsapp-restart/");

        await world.Gateway.SeedAsync(2, 20);
        world.Gateway.AddUser(2, "ops-2@example.com", TaktChatWorld.Password).IsAdmin = false;
        var forbidden = await world.Open(1, 2).RestartAsync("2-20", default);
        Assert.Equal(GatewayResult.Unauthorized, forbidden.Result);
        Assert.Contains("allowConnections", forbidden.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_logout_is_read_back_also_where_the_session_was_not_in_memory()
    {
        await using var world = await TaktChatWorld.StartAsync();
        await world.Gateway.SeedAsync(1, 7);
        await world.Gateway.SeedAsync(1, 8, "DISCONNECTED", hasKeys: true);
        var gateway = world.Open();
        Assert.Equal(GatewayResult.Done, (await gateway.LogoutAsync("1-7", default)).Result);
        Assert.Equal(GatewayResult.AlreadySo, (await gateway.LogoutAsync("1-8", default)).Result);
        Assert.All(world.Gateway.Lines, line => Assert.False(line.HasKeys));

        // A row that says CONNECTED although the process has no session of it: keys are gone, and nothing proves the end.
        var ghost = await world.Gateway.SeedAsync(1, 9);
        await world.Gateway.GiveUpAsync(9);
        ghost.Status = "CONNECTED";
        var kept = await gateway.LogoutAsync("1-9", default);
        Assert.Equal(GatewayResult.Failed, kept.Result);
        Assert.Contains("still CONNECTED", kept.Detail, StringComparison.Ordinal);
    }
}
