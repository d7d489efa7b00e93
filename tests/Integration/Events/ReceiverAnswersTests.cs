using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using WhatsOps.Events;
using WhatsOps.Fleet;
using WhatsOps.Findings;
using WhatsOps.Tests.Integration.Simulator;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Events;

/// <summary>The table of docs/receiver.md: what comes in, what is answered, what is in the log afterwards.</summary>
public sealed class ReceiverAnswersTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private ReceiverHost _host = null!;
    private string _secret = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await Databases.OperationsAsync();
        _host = await ReceiverHost.StartAsync(_database.ConnectionString, null, null, "--EventsMaxBodyBytes=20000", "--EventsMaxJsonDepth=40");
        _secret = await _host.SecretAsync("acme");
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_proven_event_is_stored_before_it_is_acknowledged_and_its_repetitions_are_not()
    {
        var body = Webhooks.Message("shop-acme", "A1");

        Assert.Equal((200, "stored"), await _host.SendAsync("acme", body, _secret));
        Assert.Equal(1, await _host.CountAsync());
        Assert.Equal((200, "duplicate"), await _host.SendAsync("acme", body, _secret));
        Assert.Equal((200, "duplicate"), await _host.SendAsync("acme", body, _secret, suffix: "/messages-upsert"));
        Assert.Equal(1, await _host.CountAsync());
    }

    [Fact]
    public async Task The_same_event_from_local_and_global_webhook_at_once_is_stored_once()
    {
        var bodies = Enumerable.Range(0, 10).Select(copy => Reordered(Webhooks.Message("shop-acme", "B1", dateTime: "2026-03-01T09:00:00.000Z"), copy)).ToArray();
        var answers = await Task.WhenAll(bodies.Select(body => _host.SendAsync("acme", body, _secret)));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Single(answers, answer => answer.Answer == "stored");
        Assert.Equal(1, await _host.CountAsync());
    }

    [Theory]
    [InlineData(null, "", 401)]
    [InlineData("wrong", "", 401)]
    [InlineData(null, "not.a.jwt", 401)]
    [InlineData(null, "..", 401)]
    public async Task Without_a_proof_that_fits_it_is_401(string? secret, string bearer, int status)
    {
        Assert.Equal(status, (await _host.SendAsync("acme", Webhooks.Message("shop-acme", "C1"), secret, bearer.Length > 0 ? bearer : null)).Status);
        Assert.Equal(0, await _host.CountAsync());
    }

    [Fact]
    public async Task Another_tenants_secret_is_no_proof()
    {
        var other = await _host.SecretAsync("other");
        Assert.Equal((401, "refused"), await _host.SendAsync("acme", Webhooks.Message("shop-acme", "C2"), other));
    }

    [Fact]
    public async Task A_jwt_made_with_the_secret_proves_and_every_other_jwt_does_not()
    {
        async Task<int> Send(string jwt) => (await _host.SendAsync("acme", Webhooks.Message("shop-acme", Guid.NewGuid().ToString()), bearer: jwt)).Status;
        var now = DateTimeOffset.UtcNow;

        Assert.Equal(200, await Send(Webhooks.Jwt(_secret)));
        Assert.Equal(200, await Send(Webhooks.Jwt(_secret, now.AddSeconds(-600 - 1700))));
        Assert.Equal(200, await Send(Webhooks.Jwt(_secret, now.AddSeconds(200))));
        Assert.Equal(401, await Send(Webhooks.Jwt(_secret, now.AddSeconds(-600 - 1900))));
        Assert.Equal(401, await Send(Webhooks.Jwt(_secret, now.AddSeconds(400))));
        Assert.Equal(401, await Send(Webhooks.Jwt(_secret, alg: "none")));
        Assert.Equal(401, await Send(Webhooks.Jwt(_secret, alg: "HS512")));
        Assert.Equal(401, await Send(Webhooks.Jwt(_secret, withExpiry: false)));
        Assert.Equal(401, await Send(Webhooks.Jwt("another secret")));
        var parts = Webhooks.Jwt(_secret).Split('.');
        Assert.Equal(401, await Send($"{parts[0]}.{parts[1]}x.{parts[2]}"));
    }

    [Fact]
    public async Task After_a_rotation_the_previous_secret_still_proves_until_the_next_one()
    {
        var rotated = await _host.Get<ITenantSecrets>().RotateAsync("shop", "acme", CancellationToken.None);
        Assert.Equal(200, (await _host.SendAsync("acme", Webhooks.Message("shop-acme", "D1"), _secret)).Status);
        Assert.Equal(200, (await _host.SendAsync("acme", Webhooks.Message("shop-acme", "D2"), bearer: Webhooks.Jwt(_secret))).Status);
        Assert.Equal(200, (await _host.SendAsync("acme", Webhooks.Message("shop-acme", "D3"), rotated.Current)).Status);
        await _host.Get<ITenantSecrets>().RotateAsync("shop", "acme", CancellationToken.None);
        Assert.Equal(401, (await _host.SendAsync("acme", Webhooks.Message("shop-acme", "D4"), _secret)).Status);
    }

    [Fact]
    public async Task A_rotation_by_another_process_is_noticed_before_a_proof_is_refused()
    {
        Assert.Equal(200, (await _host.SendAsync("acme", Webhooks.Message("shop-acme", "E1"), _secret)).Status);
        await using var other = await ReceiverHost.StartAsync(_database.ConnectionString, _host.KeyFile);
        var rotated = await other.Get<ITenantSecrets>().RotateAsync("shop", "acme", CancellationToken.None);

        Assert.Equal((200, "stored"), await _host.SendAsync("acme", Webhooks.Message("shop-acme", "E2"), rotated.Current));
    }

    [Fact]
    public async Task An_unknown_tenant_is_503_because_it_may_be_known_in_a_minute()
    {
        Assert.Equal((503, "unknown_tenant"), await _host.SendAsync("nobody", Webhooks.Message("shop-nobody", "F1"), "some secret"));
        Assert.Equal(0, await _host.CountAsync());
        await _host.Flush.FlushAsync(CancellationToken.None);
        Assert.Equal(1, await _host.ScalarAsync<long>("SELECT count FROM whatsops.receiver_counts WHERE answer = 'unknown_tenant'"));
    }

    [Fact]
    public async Task The_same_slug_in_two_systems_belongs_to_the_one_whose_secret_fits()
    {
        var clinic = await _host.SecretAsync("acme", "clinic");
        Assert.Equal((200, "stored"), await _host.SendAsync("acme", Webhooks.Message("clinic-acme", "G1"), clinic));
        Assert.Equal((200, "stored"), await _host.SendAsync("acme", Webhooks.Message("shop-acme", "G2"), _secret));

        Assert.Equal(1, await _host.CountAsync(where: "system = 'clinic' AND instance = 'clinic-acme' AND NOT is_foreign"));
        Assert.Equal(1, await _host.CountAsync(where: "system = 'shop' AND instance = 'shop-acme' AND NOT is_foreign"));
    }

    [Theory]
    [InlineData("shop-acme2")]
    [InlineData("acme")]
    [InlineData("SHOP-ACME")]
    [InlineData("shop-other")]
    [InlineData("")]
    public async Task An_instance_that_is_not_exactly_the_tenants_is_stored_as_foreign_and_its_state_is_left_alone(string instance)
    {
        Assert.Equal((200, "stored"), await _host.SendAsync("acme", Webhooks.State(instance, "open"), _secret));

        Assert.Equal(1, await _host.CountAsync(where: "tenant = 'acme' AND is_foreign"));
        Assert.Equal(0, await _host.CountAsync("instances"));
        await _host.Flush.FlushAsync(CancellationToken.None);
        var finding = Assert.Single(await _host.Get<IFindings>().ListAsync(new FindingQuery(), CancellationToken.None));
        Assert.Equal("tenant_isolation_slug_mismatch", finding.Kind);
        Assert.Equal("acme", finding.Tenant);
    }

    [Fact]
    public async Task Wrong_proofs_become_one_finding_not_one_per_request()
    {
        for (var i = 0; i < 5; i++) await _host.SendAsync("acme", Webhooks.Message("shop-acme", $"H{i}"), "wrong");
        await _host.Flush.FlushAsync(CancellationToken.None);

        var finding = Assert.Single(await _host.Get<IFindings>().ListAsync(new FindingQuery(), CancellationToken.None));
        Assert.Equal("webhook_proof_failures", finding.Kind);
        Assert.Equal("5", finding.Evidence["refused"]);
    }

    [Theory]
    [InlineData("", "malformed")]
    [InlineData("{", "malformed")]
    [InlineData("[]", "malformed")]
    [InlineData("null", "malformed")]
    [InlineData("{\"event\":\"x\"} trailing", "malformed")]
    [InlineData("{\"event\":\"messages.upsert\",\"instance\":\"shop-acme\",\"data\":{\"a\":", "malformed")]
    [InlineData("{\"event\":\"messages.upsert\",\"data\":{\"text\":\"\\ud800\"},\"date_time\":\"x\"}", "malformed")]
    [InlineData("not json, apikey or no apikey", "malformed")]
    public async Task A_body_that_is_no_json_is_kept_and_acknowledged_since_repeating_it_would_not_help(string body, string problem)
    {
        Assert.Equal((200, "stored"), await _host.SendAsync("acme", body, _secret, suffix: "/messages-upsert"));
        Assert.Equal((200, "duplicate"), await _host.SendAsync("acme", body, _secret, suffix: "/messages-upsert"));

        Assert.Equal(problem, await _host.ScalarAsync<string>("SELECT problem FROM whatsops.events"));
        Assert.Equal(body, Encoding.UTF8.GetString((await BodyAsync())!));
    }

    [Fact]
    public async Task A_body_too_deep_is_kept_unread()
    {
        var deep = "{\"event\":\"messages.upsert\",\"instance\":\"shop-acme\",\"data\":" + new string('[', 50) + new string(']', 50) + ",\"date_time\":\"t\"}";
        Assert.Equal((200, "stored"), await _host.SendAsync("acme", deep, _secret));
        Assert.Equal("too_deep", await _host.ScalarAsync<string>("SELECT problem FROM whatsops.events WHERE instance = 'shop-acme' AND event = 'messages.upsert'"));
        Assert.Equal(deep, Encoding.UTF8.GetString((await BodyAsync())!));

        var fits = "{\"event\":\"messages.upsert\",\"instance\":\"shop-acme\",\"data\":" + new string('[', 30) + new string(']', 30) + ",\"date_time\":\"t\"}";
        Assert.Equal((200, "stored"), await _host.SendAsync("acme", fits, _secret));
        Assert.Equal(1, await _host.CountAsync(where: "problem IS NULL"));
    }

    [Fact]
    public async Task A_body_over_the_host_s_own_limit_is_no_413_but_an_oversized_one()
    {
        await using var tight = await ReceiverHost.StartAsync(
            _database.ConnectionString, _host.KeyFile, null, "--EventsMaxBodyBytes=20000", "--FUNCTIONS_REQUEST_BODY_SIZE_LIMIT=30000");
        var big = $"{{\"event\":\"messages.upsert\",\"instance\":\"shop-acme\",\"data\":\"{new string('a', 60_000)}\"}}";
        Assert.Equal((200, "stored"), await tight.SendAsync("acme", big, _secret));
        Assert.Equal(1, await _host.CountAsync(where: "problem = 'oversized' AND size > 60000"));
    }

    [Fact]
    public async Task Of_an_oversized_body_the_envelope_is_kept_and_each_is_told_from_the_next()
    {
        static string Big(char fill) => $"{{\"event\":\"messages.upsert\",\"instance\":\"shop-acme\",\"data\":{{\"base64\":\"{new string(fill, 200_000)}\"}}}}";

        Assert.Equal((200, "stored"), await _host.SendAsync("acme", Big('a'), _secret));
        Assert.Equal((200, "duplicate"), await _host.SendAsync("acme", Big('a'), _secret));
        Assert.Equal((200, "stored"), await _host.SendAsync("acme", Big('b'), _secret));
        Assert.Equal(2, await _host.CountAsync(where: "problem = 'oversized' AND size > 200000 AND instance = 'shop-acme' AND event = 'messages.upsert'"));
        Assert.Equal(0, await _host.CountAsync("event_bodies"));
    }

    [Fact]
    public async Task Text_that_postgres_cannot_hold_does_not_spoil_the_commit_of_others()
    {
        var poison = "{\"event\":\"connection\\u0000.update\",\"instance\":\"shop-\\u0000\",\"data\":{\"state\":\"o\\u0000pen\"},\"date_time\":\"\\u0000\"}";
        var sends = Enumerable.Range(0, 20).Select(i => _host.SendAsync("acme", Webhooks.Message("shop-acme", $"P{i}"), _secret)).Append(_host.SendAsync("acme", poison, _secret));

        Assert.All(await Task.WhenAll(sends), answer => Assert.Equal((200, "stored"), answer));
        Assert.Equal(21, await _host.CountAsync());
    }

    [Theory]
    [InlineData("connection.update", "")]
    [InlineData("CONNECTION_UPDATE", "")]
    [InlineData("connection-update", "")]
    [InlineData(null, "/connection-update")]
    [InlineData(null, "/CONNECTION_UPDATE")]
    [InlineData(null, "//connection-update")]
    public async Task Every_spelling_of_an_event_in_body_or_address_is_the_same_event(string? name, string suffix)
    {
        var body = JsonNode.Parse(Webhooks.State("shop-acme", "open"))!.AsObject();
        body["event"] = name;
        Assert.Equal((200, "stored"), await _host.SendAsync("acme", body.ToJsonString(), _secret, suffix: suffix));

        Assert.Equal("connection.update", await _host.ScalarAsync<string>("SELECT event FROM whatsops.events"));
        Assert.Equal("open", await _host.ScalarAsync<string>("SELECT state FROM whatsops.instances"));
    }

    [Fact]
    public async Task Every_recorded_delivery_is_accepted_as_it_is_and_never_its_key_in_the_log()
    {
        var file = Path.Combine(Repository.Root, "tests/Integration/Simulator/transcripts/events.jsonl");
        var bodies = File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("body")).ToArray();
        foreach (var body in bodies)
            Assert.Equal((200, "stored"), await _host.SendAsync("acme", body.GetRawText(), _secret));

        Assert.Equal(bodies.Length, await _host.CountAsync(where: "problem IS NULL AND is_foreign"));
        Assert.Equal("refused", await _host.ScalarAsync<string>("SELECT state FROM whatsops.events WHERE reason = 428"));
        Assert.Equal(2, await _host.CountAsync(where: "state = 'close' AND reason = 401"));
    }

    [Fact]
    public async Task The_body_comes_back_as_it_was_sent_but_for_the_apikey()
    {
        var body = Webhooks.Message("shop-acme", "R1").Replace("\"apikey\":", "\"apikey\" : ");
        await _host.SendAsync("acme", body, _secret);

        Assert.Equal(body.Replace("\"11111111-TOKEN\"", "null"), Encoding.UTF8.GetString((await BodyAsync())!));
    }

    [Fact]
    public async Task Overload_is_503_and_what_was_refused_is_not_stored()
    {
        await using var small = await ReceiverHost.StartAsync(_database.ConnectionString, _host.KeyFile, null, "--EventsMaxWaiting=1", "--EventsCommitSeconds=30");
        await using var connection = await _database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var hold = new Npgsql.NpgsqlCommand("LOCK TABLE whatsops.event_keys IN EXCLUSIVE MODE", connection, transaction)) await hold.ExecuteNonQueryAsync();

        var sends = Enumerable.Range(0, 10).Select(i => small.SendAsync("acme", Webhooks.Message("shop-acme", $"O{i}"), _secret)).ToArray();
        await Until.True(() => sends.Count(send => send.IsCompleted) >= 8);
        await transaction.RollbackAsync();
        var answers = await Task.WhenAll(sends);

        Assert.Contains(answers, answer => answer == (503, "overloaded"));
        Assert.Equal(answers.Count(answer => answer.Status == 200), await _host.CountAsync());
    }

    [Fact]
    public async Task Operators_see_events_masked_and_without_bodies_and_page_through_them()
    {
        for (var i = 0; i < 5; i++) await _host.SendAsync("acme", Webhooks.Message("shop-acme", $"L{i}"), _secret);
        await _host.SendAsync("acme", Webhooks.Message("5511999990000", "L9"), _secret);
        async Task<JsonElement> Get(string query)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/events?{query}");
            request.Headers.Add("x-whatsops-key", ReceiverHost.OperatorKey);
            using var response = await _host.Client.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode, text);
            Assert.DoesNotContain("5511999990000", text);
            Assert.DoesNotContain("conversation", text);
            return JsonDocument.Parse(text).RootElement;
        }

        var first = await Get("system=shop&tenant=acme&limit=4");
        var second = await Get($"system=shop&tenant=acme&limit=4&before={first.GetProperty("before")}");
        var ids = first.GetProperty("events").EnumerateArray().Concat(second.GetProperty("events").EnumerateArray()).Select(item => item.GetProperty("id").GetString()).ToArray();
        Assert.Equal(6, ids.Distinct().Count());
        Assert.Empty((await Get("system=clinic")).GetProperty("events").EnumerateArray());
        Assert.Equal("*********0000", first.GetProperty("events")[0].GetProperty("instance").GetString());
        Assert.Equal(401, (int)(await _host.Client.GetAsync("/api/events")).StatusCode);
    }

    private async Task<byte[]?> BodyAsync()
    {
        await using var command = _database.DataSource.CreateCommand("SELECT system, tenant, received_at, id FROM whatsops.events ORDER BY received_at LIMIT 1");
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return await _host.Get<EventBodies>().ReadAsync(row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.GetGuid(3), CancellationToken.None);
    }

    // Proxies and serialisers reorder members; the event stays the same.
    private static string Reordered(string body, int by)
    {
        var members = JsonNode.Parse(body)!.AsObject().Select(member => (member.Key, Value: member.Value?.DeepClone())).ToArray();
        return new JsonObject(members.Skip(by % members.Length).Concat(members.Take(by % members.Length)).Select(member => KeyValuePair.Create(member.Key, member.Value))).ToJsonString();
    }
}
