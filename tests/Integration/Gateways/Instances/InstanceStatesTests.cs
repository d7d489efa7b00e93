using CsCheck;
using WhatsOps.Gateways;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Gateways.Instances;

public sealed class InstanceStatesTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private TestDatabase _database = null!;
    private InstanceStates _states = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await Databases.OperationsAsync();
        _states = new InstanceStates(_database.DataSource);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Open_to_connecting_is_a_disconnection()
    {
        await SeeAsync(Seen(InstanceState.Open, 0), Seen(InstanceState.Connecting, 10), Seen(InstanceState.Open, 20), Seen(InstanceState.Close, 30, reason: 401));

        Assert.Equal(2, (await _states.DisconnectionsAsync("shop", Start, default))["shop-a"]);
        Assert.Single(await _states.DisconnectionsAsync("shop", Start.AddSeconds(30), default));
        Assert.Empty(await _states.DisconnectionsAsync("shop", Start.AddSeconds(31), default));
        var status = Assert.Single(await _states.ListAsync("shop", default));
        Assert.Equal(InstanceState.Close, status.State);
        Assert.Equal(401, status.DisconnectReason);
        Assert.Equal(Start.AddSeconds(30), status.Since);
        Assert.Equal(Start.AddSeconds(20), status.LastSeenOpen);
    }

    [Fact]
    public async Task An_older_sighting_changes_nothing()
    {
        await SeeAsync(Seen(InstanceState.Open, 10));
        await SeeAsync(Seen(InstanceState.Close, 5));

        Assert.Equal(InstanceState.Open, Assert.Single(await _states.ListAsync("shop", default)).State);
        Assert.Equal(1L, await CountAsync("instance_transitions"));
    }

    [Fact]
    public async Task Seeing_the_same_state_again_keeps_since_and_renews_seen()
    {
        await SeeAsync(Seen(InstanceState.Open, 0));
        await SeeAsync(Seen(InstanceState.Open, 60, source: "list"));

        var status = Assert.Single(await _states.ListAsync("shop", default));
        Assert.Equal(Start, status.Since);
        Assert.Equal(Start.AddSeconds(60), status.SeenAt);
        Assert.Equal(Start, status.LastEventAt);
    }

    [Fact]
    public async Task A_list_that_lies_open_makes_no_disconnections()
    {
        await SeeAsync(Seen(InstanceState.Connecting, 0, source: "direct"));
        for (var sweep = 1; sweep <= 3; sweep++)
            await SeeAsync(Seen(InstanceState.Open, sweep * 300, source: "list"), Seen(InstanceState.Connecting, (sweep * 300) + 1, source: "direct"));

        Assert.Empty(await _states.DisconnectionsAsync("shop", Start, default));
    }

    [Fact]
    public async Task Systems_do_not_share_instances()
    {
        await SeeAsync(Seen(InstanceState.Open, 0), Seen(InstanceState.Close, 5) with { System = "other" });

        Assert.Equal(InstanceState.Open, Assert.Single(await _states.ListAsync("shop", default)).State);
        Assert.Equal(InstanceState.Close, Assert.Single(await _states.ListAsync("other", default)).State);
    }

    [Fact]
    public async Task Any_order_of_arrival_within_the_gateways_own_times_ends_in_its_last_state()
    {
        // Deliveries are concurrent: each is processed at a random moment, whatever the order of the gateway's own times.
        var events = Gen.Select(Gen.OneOf("open", "connecting", "close", "refused"), Gen.Int[0, 5]).Array[2, 8];
        await events.SampleAsync(async states =>
        {
            var instance = $"shop-{Guid.CreateVersion7():N}";
            var timed = states.Select((state, index) => (State: state.Item1, At: Start.AddMilliseconds(index * 7), Delay: state.Item2)).ToArray();
            foreach (var (seen, order) in timed.OrderBy(item => item.Delay).Select((item, order) => (item, order)))
                await WebhookAsync(instance, seen.State, Start.AddSeconds(order), seen.At);

            await using var command = _database.DataSource.CreateCommand("SELECT state FROM whatsops.instances WHERE system = 'shop' AND instance = $1");
            command.Parameters.Add(new() { Value = instance });
            Assert.Equal(timed[^1].State, await command.ExecuteScalarAsync());
        }, iter: 40, threads: 1);
    }

    [Theory]
    [InlineData("connecting", "open")]
    [InlineData("open", "close")]
    [InlineData("close", "refused")]
    public async Task Same_millisecond_ties_end_in_the_higher_rank_in_either_order(string lower, string higher)
    {
        foreach (var (first, second) in new[] { (lower, higher), (higher, lower) })
        {
            var instance = $"shop-{first}-{second}";
            await WebhookAsync(instance, first, Start, Start);
            await WebhookAsync(instance, second, Start.AddMilliseconds(1), Start);

            var status = Assert.Single(await _states.ListAsync("shop", default), status => status.Instance == instance);
            Assert.Equal(InstanceStateNames.Parse(higher), status.State);
        }
    }

    [Fact]
    public async Task A_gateway_clock_set_back_by_hours_does_not_freeze_the_state()
    {
        await WebhookAsync("shop-a", "open", Start, Start.AddHours(3));
        await WebhookAsync("shop-a", "close", Start.AddSeconds(1), Start.AddSeconds(1));

        Assert.Equal(InstanceState.Close, Assert.Single(await _states.ListAsync("shop", default)).State);
    }

    private Task SeeAsync(params InstanceSighting[] sightings) => _states.RecordAsync(sightings, CancellationToken.None);

    private async Task WebhookAsync(string instance, string state, DateTimeOffset at, DateTimeOffset gatewayTime)
    {
        await using var command = _database.DataSource.CreateCommand("""
            SELECT whatsops.record_instance_sightings(ARRAY['shop'], ARRAY['a'], NULL, ARRAY[$1], ARRAY[$2], ARRAY[$3], ARRAY[$4], ARRAY['webhook'], NULL, NULL)
            """);
        command.Parameters.Add(new() { Value = instance });
        command.Parameters.Add(new() { Value = state });
        command.Parameters.Add(new() { Value = at });
        command.Parameters.Add(new() { Value = gatewayTime });
        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> CountAsync(string table)
    {
        await using var command = _database.DataSource.CreateCommand($"SELECT count(*) FROM whatsops.{table}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static InstanceSighting Seen(InstanceState state, int second, string source = "webhook", int? reason = null) =>
        new("shop", "a", null, "shop-a", state, Start.AddSeconds(second), source, reason);
}
