using System.Net;
using System.Text;
using System.Text.Json;
using WhatsOps.Console;
using WhatsOps.Events;
using WhatsOps.Findings;
using WhatsOps.Privacy;
using WhatsOps.Tests.Integration.Faults;

namespace WhatsOps.Tests.Integration.Events;

/// <summary>The table of docs/receiver.md for Meta's door: what comes in, what is answered, what is in the log afterwards.</summary>
public sealed class MetaReceiverTests : MetaWorld
{
    [Fact]
    [Capability("R-250")]
    public async Task A_signed_message_is_stored_before_it_is_acknowledged_and_its_repetitions_are_not()
    {
        var body = Message("wamid.A1");
        Assert.Equal((200, "stored"), await SendAsync(body));
        Assert.Equal((200, "duplicate"), await SendAsync(body));
        Assert.Equal((200, "duplicate"), await SendAsync(body.Replace("\"time\":1767225600", "\"time\":1767229999")));
        Assert.Equal(1, await Host.CountAsync(where: "system = 'agent' AND tenant = '102290129340398' AND event = 'meta.messages' AND instance = '106540352242922' AND problem IS NULL AND NOT is_foreign"));
        Assert.Equal(1, await Host.CountAsync());
        Assert.Equal(body, await BodyAsync());
        // A line of Meta's is on no gateway: no sweep looks for it, and nothing is owed to the product, which has a webhook of its own.
        Assert.Equal((0, 0), (await Host.CountAsync("instances"), await Host.CountAsync("deliveries")));
    }

    [Fact]
    [Capability("R-250")]
    public async Task Only_the_apps_secret_or_the_one_before_it_proves_and_only_for_the_very_bytes()
    {
        var body = Message("wamid.B1");
        var right = Sign(body);
        (string Signature, string Body, string System, int Status)[] table =
        [
            ("", body, "agent", 401),
            ("sha256=", body, "agent", 401),
            ("sha256=" + new string('0', 64), body, "agent", 401),
            (right[..^2], body, "agent", 401),
            (Sign(body, OtherSecret), body, "agent", 401),
            (right, body, "bot", 401),
            (right, body.Replace("olá", "ola"), "agent", 401),
            (right, body + " ", "agent", 401),
            (right, body, "shop", 404),
            (right, body, "nobody", 404),
            (right, body, "unset", 503),
            (right, body, "agent", 200),
            (right.ToUpperInvariant(), Message("wamid.B1"), "agent", 200),
            (right["sha256=".Length..], body, "agent", 200),
            (Sign(Message("wamid.B2"), Previous), Message("wamid.B2"), "agent", 200),
            (Sign(body, OtherSecret), body, "bot", 200),
        ];
        foreach (var (signature, sent, system, status) in table) Assert.Equal((status, signature, system), ((await SendAsync(sent, signature, system)).Status, signature, system));
        Assert.Equal(2, await Host.CountAsync(where: "system = 'agent'"));
        Assert.Equal(1, await Host.CountAsync(where: "system = 'bot'"));

        await Host.Flush.FlushAsync(CancellationToken.None);
        var told = await Host.Get<IFindings>().ListAsync(new FindingQuery(), CancellationToken.None);
        var finding = Assert.Single(told);
        Assert.Equal(("webhook_proof_failures", "agent", null, "7"), (finding.Kind, finding.System, finding.Tenant, finding.Evidence["refused"]));
        Assert.Equal(8, await Host.ScalarAsync<long>("SELECT count FROM whatsops.receiver_counts WHERE answer = 'refused'"));
    }

    [Fact]
    public async Task Accounts_in_one_body_are_tenants_apart_and_each_event_holds_its_own_alone()
    {
        Assert.Equal((200, "stored"), await SendAsync(Body(Entry("111", Status("wamid.C1", "sent"), Status("wamid.C1", "delivered")), Entry("222", Status("wamid.C2", "sent", "5511900000000")))));
        Assert.Equal(["111 meta.statuses", "111 meta.statuses", "222 meta.statuses"], await RowsAsync());
        var bodies = await BodiesAsync();
        Assert.Equal(2, bodies.Count(body => body.Contains("wamid.C1", StringComparison.Ordinal) && !body.Contains("wamid.C2", StringComparison.Ordinal) && !body.Contains("222", StringComparison.Ordinal)));
        Assert.Single(bodies, body => body.Contains("wamid.C2", StringComparison.Ordinal) && !body.Contains("wamid.C1", StringComparison.Ordinal) && !body.Contains("111", StringComparison.Ordinal));
        // Packed otherwise when Meta repeats it, with one that is new.
        Assert.Equal((200, "stored"), await SendAsync(Body(Entry("111", Status("wamid.C1", "delivered"), Status("wamid.C1", "read")))));
        Assert.Equal(4, await Host.CountAsync());
    }

    [Fact]
    public async Task What_is_signed_and_not_understood_is_kept_and_acknowledged_since_Meta_would_repeat_it_for_days()
    {
        (string Body, string Answer, string? Problem)[] table =
        [
            ("not json", "stored", "malformed"),
            ("{}", "stored", "malformed"),
            (Body(Entry("1", $$"""{"field":"x","value":{{new string('[', 50)}}{{new string(']', 50)}}}""")), "stored", "too_deep"),
            (Message("wamid." + new string('x', 30_000)), "stored", "oversized"),
            (Body(), "empty", null),
        ];
        foreach (var (body, answer, problem) in table)
        {
            var before = await Host.CountAsync();
            Assert.Equal((200, answer), await SendAsync(body));
            Assert.Equal((200, answer == "stored" ? "duplicate" : answer), await SendAsync(body));
            Assert.Equal(before + (problem is null ? 0 : 1), await Host.CountAsync());
            if (problem is not null) Assert.Equal(1, await Host.CountAsync(where: $"problem = '{problem}' AND tenant = 'unknown' AND event = 'meta.unknown' AND size = {Encoding.UTF8.GetByteCount(body)}"));
        }

        Assert.Contains("not json", await BodiesAsync());
        // A stranger's bytes are hashed up to a limit and never kept.
        Assert.Equal(401, (await SendAsync(new string('x', 3_000_000), Sign("x"))).Status);
        using var huge = new HttpRequestMessage(HttpMethod.Post, "/api/meta/webhook/agent") { Content = new ByteArrayContent(new byte[5_000_000]) };
        huge.Headers.ExpectContinue = true;
        huge.Headers.TryAddWithoutValidation("X-Hub-Signature-256", Sign("x"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Host.Client.SendAsync(huge)).StatusCode);
        Assert.Equal(4, await Host.CountAsync());
    }

    [Theory]
    [InlineData("subscribe", Token, "1158201444", "agent", 200)]
    [InlineData("subscribe", "wrong", "1158201444", "agent", 403)]
    [InlineData("subscribe", "", "1158201444", "agent", 403)]
    [InlineData("unsubscribe", Token, "1158201444", "agent", 403)]
    [InlineData("subscribe", Token, "", "agent", 403)]
    [InlineData("subscribe", Token, "<script>", "agent", 200)]
    [InlineData("subscribe", Token, "1158201444", "shop", 404)]
    [InlineData("subscribe", Token, "1158201444", "nobody", 404)]
    public async Task The_challenge_comes_back_to_whoever_knows_the_token(string mode, string token, string challenge, string system, int status)
    {
        using var response = await Host.Client.GetAsync($"/api/meta/webhook/{system}?hub.mode={mode}&hub.verify_token={token}&hub.challenge={Uri.EscapeDataString(challenge)}");
        Assert.Equal(status, (int)response.StatusCode);
        var text = await response.Content.ReadAsStringAsync();
        if (status != 200)
        {
            Assert.Empty(text);
            return;
        }

        Assert.Equal((challenge, "text/plain", "nosniff"), (text, response.Content.Headers.ContentType?.MediaType, response.Headers.GetValues("X-Content-Type-Options").Single()));
    }

    [Fact]
    public async Task A_challenge_without_parameters_or_as_long_as_a_page_is_refused()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await Host.Client.GetAsync("/api/meta/webhook/agent")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Host.Client.GetAsync($"/api/meta/webhook/agent?hub.mode=subscribe&hub.verify_token={Token}&hub.challenge={new string('1', 201)}")).StatusCode);
    }

    [Fact]
    public async Task Without_the_database_nothing_is_acknowledged()
    {
        // The writer's own connection, too: the table is what the commit waits for.
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var rename = new Npgsql.NpgsqlCommand("ALTER TABLE whatsops.event_keys RENAME TO event_keys_away", connection);
        await rename.ExecuteNonQueryAsync();
        Assert.Equal((503, "unavailable"), await SendAsync(Message("wamid.D1")));
        await using var back = new Npgsql.NpgsqlCommand("ALTER TABLE whatsops.event_keys_away RENAME TO event_keys", connection);
        await back.ExecuteNonQueryAsync();
        Assert.Equal((200, "stored"), await SendAsync(Message("wamid.D1")));
    }

    [Fact]
    public async Task Operators_see_its_events_and_a_persons_are_erased_by_their_number()
    {
        // A message's own id holds the number, in base64.
        await SendAsync(Message("wamid." + Convert.ToBase64String("\u001d\u0005\u0015\u00105511912345678\u0015"u8)));
        await SendAsync(Body(Entry("333", Status("wamid.E2", "read"))));
        await SendAsync(Message("wamid.E3", phone: "5511900000000"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events?system=agent&tenant=102290129340398");
        request.Headers.Add("x-whatsops-key", ReceiverHost.OperatorKey);
        using var response = await Host.Client.SendAsync(request);
        var page = await response.Content.ReadAsStringAsync();
        Assert.Equal(2, JsonDocument.Parse(page).RootElement.GetProperty("events").GetArrayLength());
        Assert.DoesNotContain("5511912345678", page, StringComparison.Ordinal);

        var timeline = await new TimelineReader(Database.DataSource).ReadAsync("agent", "102290129340398", 10, CancellationToken.None);
        Assert.Equal(["meta.messages on line ***********2922", "meta.messages on line ***********2922"], timeline.Entries.Where(entry => entry.What == "event").Select(entry => entry.Detail));
        Assert.Empty((await new TimelineReader(Database.DataSource).ReadAsync("bot", "102290129340398", 10, CancellationToken.None)).Entries);

        var eraser = new PhoneEraser(Database.DataSource, Host.Get<EventDataKeys>(), Host.Get<EventBodies>());
        var erased = await eraser.EraseAsync(PhoneNumber.FormsOf("5511912345678"), "agent", dryRun: false, default);
        Assert.Equal((2, 2), (erased.Events, erased.Bodies));
        Assert.Contains("wamid.E3", Assert.Single(await BodiesAsync()), StringComparison.Ordinal);
        var hunt = new SecretHunt();
        hunt.Plant("the number", "5511912345678");
        await hunt.LookInDatabaseAsync(Database.DataSource, "whatsops");
        Assert.Empty(hunt.Found);
    }

    [Fact]
    public async Task Planted_secrets_are_found_nowhere()
    {
        var signature = Sign(Message("wamid.F1"));
        await SendAsync(Message("wamid.F1"), signature);
        for (var i = 0; i < 4; i++) await SendAsync(Message("wamid.F2"), signature);
        await SendAsync("no json, token " + Token);
        await SendAsync(Message("wamid.F3"), signature, "unset");
        foreach (var token in new[] { Token, Token + "x" }) (await Host.Client.GetAsync($"/api/meta/webhook/agent?hub.mode=subscribe&hub.verify_token={token}&hub.challenge=1")).Dispose();
        await Host.Flush.FlushAsync(CancellationToken.None);
        var hunt = new SecretHunt();
        foreach (var (name, secret) in new[] { ("secret", Secret), ("previous", Previous), ("token", Token), ("signature", signature[7..]), ("number", "5511912345678") }) hunt.Plant(name, secret);
        foreach (var line in Host.Logs) hunt.Look("the log", line);
        await hunt.LookInDatabaseAsync(Database.DataSource, "whatsops");
        Assert.Empty(hunt.Found);
        Assert.True(hunt.Places > 50);
    }

    private async Task<string> BodyAsync() => Assert.Single(await BodiesAsync());

    private async Task<List<string>> BodiesAsync()
    {
        var bodies = new List<string>();
        await using var command = Host.Database.CreateCommand("SELECT system, tenant, received_at, id FROM whatsops.event_bodies ORDER BY received_at, id");
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
            bodies.Add(Encoding.UTF8.GetString((await Host.Get<EventBodies>().ReadAsync(row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.GetGuid(3), CancellationToken.None))!));
        return bodies;
    }

    private async Task<List<string>> RowsAsync()
    {
        var rows = new List<string>();
        await using var command = Host.Database.CreateCommand("SELECT tenant || ' ' || event FROM whatsops.events ORDER BY 1");
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync()) rows.Add(row.GetString(0));
        return rows;
    }
}
