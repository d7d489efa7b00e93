using WhatsOps.Events;
using WhatsOps.Tests.Integration.Events;

namespace WhatsOps.Tests.Integration.Delivery;

/// <summary>What the product gets, in which order, and what happens when it does not take it.</summary>
public sealed class DeliveryTests
{
    [Fact]
    public async Task An_accepted_event_reaches_the_product_signed_with_its_own_bytes_but_for_the_apikey()
    {
        await using var world = await DeliveryWorld.CreateAsync(
            webhook => webhook with { DeliverHeaders = new Dictionary<string, string> { ["Authorization"] = "Bearer ${env:PRODUCT_TOKEN}" } }, "--PRODUCT_TOKEN=a-token");
        var body = Webhooks.Body("messages.upsert", "shop-acme", new System.Text.Json.Nodes.JsonObject { ["text"] = "não perca" }, apikey: null).Replace(",\"server_url\"", " ,  \"server_url\"", StringComparison.Ordinal);
        await world.SendAsync("acme", body);
        // Events of one and the same instant have no order.
        world.Time.Advance(TimeSpan.FromMilliseconds(2));
        await world.MessageAsync("acme", "M1");
        await world.DrainAsync();

        var calls = world.Product.Taken.ToArray();
        Assert.Equal([body, "M1"], [calls[0].Text, calls[1].MessageId]);
        Assert.All(calls, call => Assert.True(call.IsSigned()));
        Assert.All(calls, call => Assert.Equal(("/hook/acme", "application/json; charset=utf-8", "Bearer a-token"), (call.Path, call.Headers["Content-Type"], call.Headers["Authorization"])));
        Assert.DoesNotContain("11111111-TOKEN", calls[1].Text, StringComparison.Ordinal);
        Assert.Equal(2, await world.CountAsync("state = 'delivered' AND attempts = 1 AND last_status = 200 AND settled_at IS NOT NULL"));
        Assert.Equal(calls.Select(call => call.Id).Order(), (await world.Host.ScalarAsync<Guid[]>("SELECT array_agg(id) FROM whatsops.events")).Select(id => id.ToString()).Order());
    }

    [Fact]
    public async Task Duplicates_foreign_events_storms_and_other_systems_are_not_forwarded()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        var body = Webhooks.Message("shop-acme", "M1");
        await world.SendAsync("acme", body);
        Assert.Equal((200, "duplicate"), await world.Host.SendAsync("acme", body, await world.Host.SecretAsync("acme")));
        await world.SendAsync("acme", Webhooks.Message("shop-other", "F1"));
        await world.SendAsync("care", Webhooks.Message("clinic-care", "C1"), system: "clinic");
        for (var i = 0; i < 5; i++) await world.SendAsync("acme", Webhooks.State("shop-acme", "connecting"));
        Assert.Equal((200, "counted"), await world.Host.SendAsync("acme", Webhooks.State("shop-acme", "connecting"), await world.Host.SecretAsync("acme")));
        await world.DrainAsync();

        Assert.Equal(6, world.Product.Calls.Count);
        Assert.Equal(1, world.Product.Calls.Count(call => call.MessageId is not null));
        Assert.Equal(6, await world.CountAsync("true"));
    }

    [Fact]
    public async Task A_tenants_events_arrive_in_order_and_wait_behind_the_one_that_is_not_taken_while_other_tenants_go_on()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        var isSick = true;
        world.Product.Rule = (call, _) => isSick && call.MessageId == "A1" ? 503 : 200;
        foreach (var id in (string[])["A1", "A2", "A3"])
        {
            await world.MessageAsync("acme", id);
            world.Time.Advance(TimeSpan.FromMilliseconds(2));
        }

        await world.MessageAsync("blue", "B1");
        await world.DrainAsync();
        Assert.Equal(["B1"], world.Product.Taken.Select(call => call.MessageId));

        isSick = false;
        await world.DrainAsync();
        Assert.Equal(["B1"], world.Product.Taken.Select(call => call.MessageId));
        await world.PassAsync(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7));
        Assert.Equal(["B1", "A1", "A2", "A3"], world.Product.Taken.Select(call => call.MessageId));
        Assert.Single(world.Product.Calls.Where(call => call.MessageId == "A1").Select(call => call.Id).Distinct());
    }

    [Fact]
    public async Task What_the_product_refuses_as_wrong_is_a_dead_letter_after_six_attempts_and_the_next_goes_on()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        world.Product.Rule = (call, _) => call.MessageId == "A1" ? 410 : 200;
        await world.MessageAsync("acme", "A1");
        world.Time.Advance(TimeSpan.FromMilliseconds(2));
        await world.MessageAsync("acme", "A2");
        await world.PassAsync(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(5));

        Assert.Equal(RetrySchedule.MaxRefusals, world.Product.Calls.Count(call => call.MessageId == "A1"));
        Assert.Equal(["A2"], world.Product.Taken.Select(call => call.MessageId));
        Assert.Equal(1, await world.CountAsync("state = 'dead' AND last_status = 410 AND last_error = 'HTTP 410' AND refusals = 6"));
    }

    [Fact]
    public async Task An_event_over_which_the_product_breaks_lets_the_others_past_and_is_still_tried()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        world.Product.Rule = (call, _) => call.MessageId == "A1" ? 500 : 200;
        await world.MessageAsync("acme", "A1");
        world.Time.Advance(TimeSpan.FromMilliseconds(2));
        await world.MessageAsync("acme", "A2");
        await world.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(10));
        Assert.Empty(world.Product.Taken);
        await world.PassAsync(TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(10));
        Assert.Equal(["A2"], world.Product.Taken.Select(call => call.MessageId));
        world.Product.Rule = (_, _) => 200;
        await world.PassAsync(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5));
        Assert.Equal(["A2", "A1"], world.Product.Taken.Select(call => call.MessageId));
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_a_wish_to_wait_is_obeyed()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        var answers = new Queue<int>([302, 429]);
        world.Product.Rule = (call, context) =>
        {
            if (call.Path != "/hook/acme") return 200;
            if (!answers.TryDequeue(out var status)) return 200;
            if (status == 302) context.Response.Headers.Location = world.Product.Url + "/elsewhere";
            if (status == 429) context.Response.Headers.RetryAfter = "120";
            return status;
        };
        await world.MessageAsync("acme", "M1");
        await world.DrainAsync();
        Assert.Equal(1, await world.CountAsync("last_status = 302 AND last_error LIKE '%not followed%' AND state = 'pending'"));
        await world.PassAsync(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7));
        await world.PassAsync(TimeSpan.FromSeconds(110), TimeSpan.FromSeconds(10));
        Assert.Equal(2, world.Product.Calls.Count);
        await world.PassAsync(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(10));
        Assert.Equal([302, 429, 200], world.Product.Calls.Select(call => call.Status));
        Assert.All(world.Product.Calls, call => Assert.Equal("/hook/acme", call.Path));
    }

    [Fact]
    public async Task A_dead_product_costs_few_calls_and_gets_everything_in_order_when_it_comes_back()
    {
        await using var world = await DeliveryWorld.CreateAsync(null, "--DeliveryPerSystem=4");
        world.Product.Rule = (_, _) => 503;
        for (var tenant = 0; tenant < 20; tenant++)
            for (var i = 0; i < 2; i++)
            {
                await world.MessageAsync($"t{tenant}", $"t{tenant}-{i}");
                world.Time.Advance(TimeSpan.FromMilliseconds(2));
            }

        await world.PassAsync(TimeSpan.FromMinutes(30), TimeSpan.FromSeconds(30));
        // One lane each of the first round, then one probe each 30 s, 60 s, 2, 4 and 5 minutes.
        Assert.InRange(world.Product.Calls.Count, 5, 25);
        Assert.Equal(1, await world.Host.CountAsync("delivery_breakers", "open_until IS NOT NULL AND cardinality(failing) = 3"));

        world.Product.Rule = (_, _) => 200;
        await world.PassAsync(TimeSpan.FromMinutes(40), TimeSpan.FromMinutes(1));
        Assert.Equal(40, world.Product.Taken.Count());
        Assert.All(world.Product.Taken.GroupBy(call => call.Path), tenant => Assert.Equal(["0", "1"], tenant.Select(call => call.MessageId!.Split('-')[1])));
        Assert.Equal(0, await world.Host.CountAsync("delivery_breakers", "open_until IS NOT NULL OR failing <> '{}'"));
    }

    [Fact]
    public async Task A_secret_without_a_value_holds_events_back_and_says_which()
    {
        await using var world = await DeliveryWorld.CreateAsync(webhook => webhook with { DeliverySecret = "${env:NOWHERE}" });
        await world.MessageAsync("acme", "M1");
        await world.DrainAsync();
        Assert.Empty(world.Product.Calls);
        Assert.Equal(1, await world.CountAsync("state = 'pending' AND last_status IS NULL AND last_error LIKE '%${env:NOWHERE}%'"));
    }

    [Fact]
    public async Task An_event_whose_body_was_too_large_or_goes_before_it_is_delivered_is_a_dead_letter_that_says_so()
    {
        await using var world = await DeliveryWorld.CreateAsync(null, "--EventsMaxBodyBytes=2048");
        world.Product.Rule = (_, _) => 503;
        await world.MessageAsync("acme", new string('x', 4096));
        await world.MessageAsync("acme", "M2");
        await world.DrainAsync();
        Assert.Equal(1, await world.CountAsync("state = 'dead' AND last_error LIKE 'larger than EventsMaxBodyBytes%'"));

        world.Time.Advance(TimeSpan.FromDays(7));
        await world.Host.Get<EventRetention>().RunAsync(CancellationToken.None);
        Assert.Equal(1, await world.CountAsync("state = 'pending'"));
        world.Time.Advance(TimeSpan.FromDays(1));
        await world.Host.Get<EventRetention>().RunAsync(CancellationToken.None);
        Assert.Equal(1, await world.CountAsync("state = 'dead' AND last_error LIKE 'not delivered before its body was deleted%'"));
        world.Time.Advance(TimeSpan.FromDays(23));
        await world.Host.Get<EventRetention>().RunAsync(CancellationToken.None);
        Assert.Equal(0, await world.CountAsync("true"));
    }

    [Fact]
    public async Task A_lease_that_ran_out_is_somebody_elses_and_what_its_owner_writes_then_does_not_count()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        world.Product.Rule = (_, _) => 503;
        await world.MessageAsync("acme", "M1");
        await world.DrainAsync();
        world.Time.Advance(TimeSpan.FromSeconds(10));
        var lanes = world.Host.Get<DeliveryLanes>();
        async Task<DeliveryLane?> LeaseAsync() =>
            (await lanes.LeaseAsync(["shop"], Guid.CreateVersion7(), world.Time.GetUtcNow(), 8, CancellationToken.None)).SingleOrDefault();

        var first = await LeaseAsync();
        Assert.NotNull(first);
        Assert.Null(await LeaseAsync());
        world.Time.Advance(world.Host.Get<DeliveryOptions>().Lease);
        var second = await LeaseAsync();
        Assert.Equal(first.Fence + 1, second!.Fence);

        var due = Assert.Single(await lanes.DueAsync(second, world.Time.GetUtcNow(), 10, CancellationToken.None));
        (Guid, DeliveryStanding)[] outcome = [(due.Id, due.Standing with { State = DeliveryStanding.Delivered })];
        var ledger = world.Host.Get<DeliveryLedger>();
        Assert.False(await ledger.SettleAsync(first, outcome, true, world.Time.GetUtcNow(), null, CancellationToken.None));
        Assert.Equal(1, await world.CountAsync("state = 'pending'"));
        Assert.True(await ledger.SettleAsync(second, outcome, true, world.Time.GetUtcNow(), null, CancellationToken.None));
        Assert.Equal(1, await world.CountAsync("state = 'delivered'"));
    }
}
