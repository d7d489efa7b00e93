using CsCheck;
using WhatsOps.Diagnosis;
using WhatsOps.Gateways;

namespace WhatsOps.Tests.Integration.Gateways;

/// <summary>TaktChat behind the interface of all gateways: companies, what its statuses mean, and what it cannot do.</summary>
public sealed class TaktChatGatewayTests
{
    [Fact]
    [Capability("R-011")]
    [Source("taktchat", SourceState.Present, "none")]
    [Source("taktchat", SourceState.Absent, "instance_missing")]
    public async Task Every_companys_connections_are_listed_by_one_account_and_only_CONNECTED_is_open()
    {
        await using var world = await TaktChatWorld.StartAsync();
        await world.Gateway.SeedAsync(1, 7);
        await world.Gateway.SeedAsync(12, 8, "OPENING");
        await world.Gateway.SeedAsync(12, 9, "qrcode");
        await world.Gateway.SeedAsync(12, 10, "PENDING");
        await world.Gateway.SeedAsync(12, 11, "DISCONNECTED");
        await world.Gateway.SeedAsync(12, 12, "connected");
        await world.Gateway.SeedAsync(13, 13, channel: "instagram");
        await world.Gateway.SeedAsync(13, 14, "DISCONNECTED", channelType: "official");

        var list = await world.Open().ListAsync(default);
        Assert.Equal((Outcome.Seen, null), (list.Outcome, list.Detail));
        Assert.Equal(
            [
                ("1-7", InstanceState.Open, false), ("12-8", InstanceState.Connecting, false), ("12-9", InstanceState.Close, true), ("12-10", InstanceState.Close, true),
                ("12-11", InstanceState.Close, false), ("12-12", InstanceState.Unknown, false), ("13-14", InstanceState.Close, false),
            ],
            list.Value!.Select(one => (one.Name, one.State, one.MustPair)));
        await TaktChatWorld.AssertOpenAsync(world.Open(), "1-7");
        // Without an account of that company, by the list of all.
        Assert.Equal(InstanceState.Connecting, (await world.Open().StateAsync("12-8", default)).Value);
        foreach (var name in (string[])["12-7", "1-8", "01-7", "1-7-1", "acme", "-7", "1-", "1-99999999999999"]) Assert.Equal(Outcome.Absent, (await world.Open().StateAsync(name, default)).Outcome);
        Assert.DoesNotContain(world.Gateway.Calls, call => !call.StartsWith("GET ", StringComparison.Ordinal) && call != "POST /auth/login");
    }

    [Fact]
    [Capability("R-422")]
    public async Task What_it_does_not_offer_is_absent_with_its_reason_and_never_asked()
    {
        await using var world = await TaktChatWorld.StartAsync();
        var (system, endpoint) = world.Place();
        var gateway = world.Open();
        var found = await world.Get<ICapabilityProbe>().ProbeAsync(system, endpoint, "1-7", default);
        Assert.All(found, one => Assert.Equal((Outcome.Absent, true), (one.Outcome, one.Detail!.Length > 0)));
        Assert.Equal(["connection_webhook", "find_messages", "create_instance", "delete_instance", "send_to_self", "pairing_code"], found.Select(one => one.Name));
        Assert.Equal(Outcome.Absent, (await gateway.WebhookAsync("1-7", default)).Outcome);
        Assert.Equal(Outcome.Absent, (await gateway.MessagesAsync("1-7", default, default, 1, default)).Outcome);
        Assert.Equal(GatewayResult.Failed, (await gateway.CreateAsync(new("1-9", null), default)).Result);
        Assert.Equal(GatewayResult.Failed, (await gateway.DeleteAsync("1-7", default)).Result);
        Assert.Equal(GatewayResult.Failed, (await gateway.SetWebhookAsync("1-7", new(true, "http://127.0.0.1", new Dictionary<string, string>(), [], false, false), default)).Result);
        Assert.Equal(SelfMessageResult.NotSent, (await gateway.SendToSelfAsync("1-7", "hi", default)).Result);
        Assert.Empty(world.Gateway.Calls);
    }

    [Fact]
    public async Task The_version_is_told_without_a_login_and_a_database_that_is_away_is_told_in_words()
    {
        await using var world = await TaktChatWorld.StartAsync();
        var seen = await world.Open().ProbeAsync(default);
        Assert.Equal((Outcome.Seen, "TaktChat 2.4.1 (a4d46a)"), (seen.Outcome, seen.Value!.Version));
        world.Gateway.IsDatabaseAway = true;
        var away = await world.Open().ProbeAsync(default);
        Assert.Equal(Outcome.Unreachable, away.Outcome);
        Assert.Contains("DB_UNAVAILABLE (TaktChat's own database is not there for it", away.Detail, StringComparison.Ordinal);
        var list = await world.Open().ListAsync(default);
        Assert.Equal(Outcome.Unreachable, list.Outcome);
        Assert.Contains("DB_CONNECTION_ERROR", list.Detail, StringComparison.Ordinal);
        // Nothing was refused: the next look may log in at once.
        world.Gateway.IsDatabaseAway = false;
        Assert.True((await world.Open().ListAsync(default)).IsSeen);
    }

    [Fact]
    public void A_name_is_two_numbers_and_reads_back_as_what_it_was_written_from() => Gen.Select(Gen.Int[1, int.MaxValue], Gen.Int[1, int.MaxValue]).Sample((company, id) =>
        Assert.Equal((company, id), WhatsOps.Gateways.TaktChat.TaktChatConnection.Parse(WhatsOps.Gateways.TaktChat.TaktChatConnection.NameOf(company, id))));
}
