using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using WhatsOps.Events;
using WhatsOps.Tests.Integration.Simulator;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Events;

/// <summary>What the log promises: all or nothing, once, across midnight, beside other receivers, without secrets.</summary>
public sealed class ReceiverLogTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 23, 59, 58, TimeSpan.Zero));
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await Databases.OperationsAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_repetition_after_midnight_is_a_duplicate_and_new_days_get_their_partitions()
    {
        await using var host = await ReceiverHost.StartAsync(_database.ConnectionString, null, _time);
        var secret = await host.SecretAsync("acme");
        var body = Webhooks.Message("shop-acme", "M1");
        Assert.Equal((200, "stored"), await host.SendAsync("acme", body, secret));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((200, "duplicate"), await host.SendAsync("acme", body, secret));
        Assert.Equal((200, "stored"), await host.SendAsync("acme", Webhooks.Message("shop-acme", "M2"), secret));

        Assert.Equal(1, await host.CountAsync("events_20260301"));
        Assert.Equal(1, await host.CountAsync("events_20260302"));
    }

    [Fact]
    public async Task Retention_drops_bodies_first_then_events_then_keys()
    {
        await using var host = await ReceiverHost.StartAsync(_database.ConnectionString, null, _time);
        var secret = await host.SecretAsync("acme");
        var body = Webhooks.Message("shop-acme", "R1");
        await host.SendAsync("acme", body, secret);
        async Task<(long Bodies, long DayKeys, long Events, long Keys)> After(int days)
        {
            _time.SetUtcNow(new DateTimeOffset(2026, 3, 1, 23, 59, 59, TimeSpan.Zero).AddDays(days));
            await host.Get<EventRetention>().RunAsync(CancellationToken.None);
            return (await host.CountAsync("event_bodies"), await host.CountAsync("event_data_keys", "name = 'day/2026-03-01'"), await host.CountAsync(), await host.CountAsync("event_keys"));
        }

        Assert.Equal((1, 1, 1, 1), await After(7));
        Assert.Equal((0, 0, 1, 1), await After(8));
        Assert.Equal((0, 0, 1, 0), await After(9));
        Assert.Equal((0, 0, 1, 0), await After(30));
        Assert.Equal((0, 0, 0, 0), await After(31));
        Assert.Equal(1, await host.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relname = 'events_20260404'"));
    }

    [Fact]
    public async Task A_storm_is_counted_not_stored_and_messages_come_through_it_whole()
    {
        await using var host = await ReceiverHost.StartAsync(_database.ConnectionString, null, _time);
        var secret = await host.SecretAsync("acme");
        await host.SendAsync("acme", Webhooks.State("shop-acme", "open"), secret);
        for (var i = 0; i < 40; i++) await host.SendAsync("acme", Webhooks.State("shop-acme", "connecting"), secret);
        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => host.SendAsync("acme", Webhooks.Message("shop-acme", $"S{i}"), secret)));
        await host.SendAsync("acme", Webhooks.State("shop-acme", "open"), secret);
        await host.Flush.FlushAsync(CancellationToken.None);

        Assert.Equal(5, await host.CountAsync(where: "state = 'connecting'"));
        Assert.Equal(35, await host.ScalarAsync<decimal>("SELECT sum(count) FROM whatsops.storm_counts WHERE state = 'connecting' AND instance = 'shop-acme'"));
        Assert.Equal(30, await host.CountAsync(where: "event = 'messages.upsert'"));
        Assert.Equal("open", await host.ScalarAsync<string>("SELECT state FROM whatsops.instances"));
        Assert.Equal(1, await host.CountAsync("instance_transitions", "is_disconnection"));
    }

    [Fact]
    public async Task In_the_middle_of_a_storm_a_wrong_proof_counts_for_nothing_and_every_change_of_state_is_stored()
    {
        await using var host = await ReceiverHost.StartAsync(_database.ConnectionString, null, _time);
        var (secret, neighbours) = (await host.SecretAsync("acme"), await host.SecretAsync("other"));
        async Task Storm(int counted)
        {
            for (var i = 0; i < 5; i++) Assert.Equal((200, "stored"), await host.SendAsync("acme", Webhooks.State("shop-acme", "connecting"), secret));
            for (var i = 0; i < counted; i++) Assert.Equal((200, "counted"), await host.SendAsync("acme", Webhooks.State("shop-acme", "connecting"), bearer: Webhooks.Jwt(secret, _time.GetUtcNow())));
        }

        await Storm(counted: 7);
        foreach (var wrong in new[] { "wrong", neighbours, "" })
            Assert.Equal((401, "refused"), await host.SendAsync("acme", Webhooks.State("shop-acme", "connecting"), wrong));
        Assert.Equal((401, "refused"), await host.SendAsync("acme", Webhooks.State("shop-acme", "connecting"), bearer: Webhooks.Jwt(neighbours, _time.GetUtcNow())));
        // Another tenant's instance is foreign to this one: it is a place of its own, and no part of the storm.
        Assert.Equal((200, "stored"), await host.SendAsync("other", Webhooks.State("shop-acme", "connecting"), neighbours));
        foreach (var state in new[] { "open", "close", "refused" })
            Assert.Equal((200, "stored"), await host.SendAsync("acme", Webhooks.State("shop-acme", state), secret));
        await Storm(counted: 4);
        await host.Flush.FlushAsync(CancellationToken.None);

        Assert.Equal(11, await host.ScalarAsync<decimal>("SELECT sum(count) FROM whatsops.storm_counts WHERE tenant = 'acme' AND instance = 'shop-acme' AND state = 'connecting'"));
        Assert.Equal(11, await host.ScalarAsync<decimal>("SELECT sum(count) FROM whatsops.storm_counts"));
        Assert.Equal(13, await host.CountAsync(where: "tenant = 'acme'"));
        Assert.Equal("connecting", await host.ScalarAsync<string>("SELECT state FROM whatsops.instances"));
        Assert.Equal(5, await host.CountAsync("instance_transitions"));
    }

    [Fact]
    public async Task An_overtaken_or_repeated_state_event_does_not_turn_the_state_back()
    {
        await using var host = await ReceiverHost.StartAsync(_database.ConnectionString, null, _time);
        var secret = await host.SecretAsync("acme");
        var connecting = Webhooks.State("shop-acme", "connecting", dateTime: "2026-03-01T20:00:00.000Z");
        var open = Webhooks.State("shop-acme", "open", dateTime: "2026-03-01T20:00:01.000Z");
        await host.SendAsync("acme", open, secret);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((200, "stored"), await host.SendAsync("acme", connecting, secret));
        Assert.Equal((200, "duplicate"), await host.SendAsync("acme", connecting, secret));

        Assert.Equal("open", await host.ScalarAsync<string>("SELECT state FROM whatsops.instances"));
        for (var i = 0; i < 3; i++) await host.SendAsync("acme", Webhooks.QrCode("shop-acme"), secret);
        Assert.Equal(3, await host.ScalarAsync<long>("SELECT sum(count) FROM whatsops.instance_qr_codes WHERE instance = 'shop-acme'"));
    }

    [Fact]
    public async Task A_row_that_the_database_refuses_fails_alone()
    {
        await using var host = await ReceiverHost.StartAsync(_database.ConnectionString);
        await using (var refuse = _database.DataSource.CreateCommand(
            "ALTER TABLE whatsops.events ADD CONSTRAINT no_poison CHECK (instance <> 'shop-poison')")) await refuse.ExecuteNonQueryAsync();
        var secrets = new Dictionary<string, string> { ["acme"] = await host.SecretAsync("acme"), ["poison"] = await host.SecretAsync("poison") };
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
        {
            var tenant = i % 20 == 7 ? "poison" : "acme";
            return (tenant, answer: await host.SendAsync(tenant, Webhooks.Message("shop-" + tenant, $"X{i}"), secrets[tenant]));
        }));

        Assert.All(answers, item => Assert.Equal(item.tenant == "poison" ? (503, "rejected") : (200, "stored"), item.answer));
        Assert.Equal(57, await host.CountAsync());
        Assert.Equal(57, await host.CountAsync("event_keys"));
        Assert.Equal(57, await host.CountAsync("event_bodies"));
    }

    [Fact]
    public async Task Two_receivers_with_the_same_traffic_store_each_event_once_and_do_not_deadlock()
    {
        await using var one = await ReceiverHost.StartAsync(_database.ConnectionString);
        await using var two = await ReceiverHost.StartAsync(_database.ConnectionString, one.KeyFile);
        string[] tenants = ["a", "b", "c", "d"];
        var secrets = new Dictionary<string, string>();
        foreach (var tenant in tenants) secrets[tenant] = await one.SecretAsync(tenant);
        var events = Enumerable.Range(0, 400).Select(i => (Tenant: tenants[i % 4], Body: i % 3 == 0
            ? Webhooks.State("shop-" + tenants[i % 4], (i % 2 == 0) ? "open" : "connecting")
            : Webhooks.Message("shop-" + tenants[i % 4], $"T{i}"))).ToArray();

        var stored = 0;
        await Parallel.ForEachAsync([.. events.Select(item => (one, item)), .. events.Reverse().Select(item => (two, item))],
            new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (work, _) =>
            {
                var (host, item) = work;
                var answer = await host.SendAsync(item.Tenant, item.Body, secrets[item.Tenant]);
                Assert.Equal(200, answer.Status);
                if (answer.Answer == "stored") Interlocked.Increment(ref stored);
            });

        Assert.Equal(stored, await one.CountAsync());
        Assert.Equal(0, await one.ScalarAsync<long>("SELECT count(*) FROM (SELECT 1 FROM whatsops.events GROUP BY system, tenant, event, instance, gateway_time, size HAVING count(*) > 1) twice"));
        Assert.Equal(267 - 1, await one.CountAsync(where: "event = 'messages.upsert'"));
        Assert.DoesNotContain(one.Logs.Concat(two.Logs), line => line.Contains("did not take", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whatever_tenant_A_sends_no_row_of_tenant_B_changes()
    {
        await using var host = await ReceiverHost.StartAsync(_database.ConnectionString);
        var (secretA, secretB) = (await host.SecretAsync("a"), await host.SecretAsync("b"));
        var known = Webhooks.State("shop-b", "open");
        await host.SendAsync("b", known, secretB);
        await host.SendAsync("b", Webhooks.Message("shop-b", "B1"), secretB);
        async Task<string> RowsOfB()
        {
            var rows = new StringBuilder();
            foreach (var table in new[] { "events", "event_bodies", "event_keys", "instances", "instance_transitions", "instance_qr_codes" })
                rows.AppendLine(await host.ScalarAsync<string>($"SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') FROM whatsops.{table} t WHERE {(table == "instance_qr_codes" ? "instance = 'shop-b'" : "tenant = 'b'")}"));
            return rows.ToString();
        }

        var before = await RowsOfB();
        var send = Gen.Select(Gen.OneOf("a", "b"), Gen.OneOf("shop-a", "shop-b", "shop-b\0", "SHOP-B", "clinic-b"), Gen.OneOf("open", "close", "qr", "message", "known"), Gen.OneOf("", "/connection-update"));
        await send.Array[1, 12].SampleAsync(async traffic =>
        {
            await Task.WhenAll(traffic.Select(item => host.SendAsync(item.Item1, item.Item3 switch
            {
                "qr" => Webhooks.QrCode(item.Item2),
                "message" => Webhooks.Message(item.Item2, Guid.NewGuid().ToString("N")),
                "known" => known,
                var state => Webhooks.State(item.Item2, state),
            }, secretA, suffix: item.Item4)));
            Assert.Equal(before, await RowsOfB());
        }, iter: 25, threads: 1);
        Assert.True(await host.CountAsync(where: "tenant = 'a' AND instance = 'shop-b' AND is_foreign") > 0);
    }

    [Fact]
    public async Task Planted_secrets_are_found_nowhere()
    {
        const string Apikey = "PLANTED-APIKEY-8842", Phone = "5511912345678", Qr = "2@PLANTEDQRCODE";
        await using var host = await ReceiverHost.StartAsync(_database.ConnectionString);
        var secret = await host.SecretAsync("acme");
        var jwt = Webhooks.Jwt(secret);
        string[] bodies =
        [
            Webhooks.Message("shop-acme", "Z1", Phone).Replace("11111111-TOKEN", Apikey),
            Webhooks.QrCode("shop-acme").Replace("data:image/png;base64,AAAA", Qr).Replace("11111111-TOKEN", Apikey),
            Webhooks.State("shop-acme", "open").Replace("5511888880000", Phone).Replace("11111111-TOKEN", Apikey),
            Webhooks.Message("shop-acme", "Z2", Phone).Replace("11111111-TOKEN", Apikey)[..^10],
            $"{{\"event\":\"error\",\"data\":{{\"x\":\"{Phone}@s.whatsapp.net\"}},\"api_key\":\"{Apikey}\",\"date_time\":\"t\"}}",
            Webhooks.State("shop-" + Phone, "open"),
        ];
        foreach (var body in bodies)
        {
            await host.SendAsync("acme", body, secret);
            await host.SendAsync("acme", body.Replace("\"date_time\":\"2", "\"date_time\":\"3"), bearer: jwt);
            await host.SendAsync("acme", body, secret + "x");
        }

        await host.Flush.FlushAsync(CancellationToken.None);
        string[] planted = [Apikey, Qr, secret, jwt, jwt.Split('.')[2], Phone];
        var found = new List<string>();
        foreach (var table in await TablesAsync())
            foreach (var needle in planted)
            {
                await using var grep = _database.DataSource.CreateCommand($"SELECT count(*) FROM whatsops.\"{table}\" t WHERE strpos(t::text, $1) > 0 OR strpos(t::text, $2) > 0");
                grep.Parameters.Add(new() { Value = needle });
                grep.Parameters.Add(new() { Value = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(needle)) });
                if ((long)(await grep.ExecuteScalarAsync())! > 0) found.Add($"{needle} in {table}");
            }

        found.AddRange(planted.Where(needle => host.Logs.Any(line => line.Contains(needle, StringComparison.Ordinal))).Select(needle => $"{needle} in the log"));
        Assert.Empty(found);
    }

    private async Task<List<string>> TablesAsync()
    {
        await using var command = _database.DataSource.CreateCommand("SELECT relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'whatsops' AND relkind IN ('r', 'p')");
        await using var rows = await command.ExecuteReaderAsync();
        var tables = new List<string>();
        while (await rows.ReadAsync()) tables.Add(rows.GetString(0));
        return tables;
    }
}
