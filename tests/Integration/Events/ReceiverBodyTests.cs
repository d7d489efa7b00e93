using System.Text;
using System.Text.Json;
using WhatsOps.Events;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Events;

/// <summary>Bodies of every kind, and what is kept of them.</summary>
public sealed class ReceiverBodyTests : ReceiverWorld
{
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
        Assert.Equal((200, "stored"), await Host.SendAsync("acme", body, Secret, suffix: "/messages-upsert"));
        Assert.Equal((200, "duplicate"), await Host.SendAsync("acme", body, Secret, suffix: "/messages-upsert"));

        Assert.Equal(problem, await Host.ScalarAsync<string>("SELECT problem FROM whatsops.events"));
        Assert.Equal(body, Encoding.UTF8.GetString((await BodyAsync())!));
    }

    [Fact]
    public async Task A_body_too_deep_is_kept_unread()
    {
        var deep = "{\"event\":\"messages.upsert\",\"instance\":\"shop-acme\",\"data\":" + new string('[', 50) + new string(']', 50) + ",\"date_time\":\"t\"}";
        Assert.Equal((200, "stored"), await Host.SendAsync("acme", deep, Secret));
        Assert.Equal("too_deep", await Host.ScalarAsync<string>("SELECT problem FROM whatsops.events WHERE instance = 'shop-acme' AND event = 'messages.upsert'"));
        Assert.Equal(deep, Encoding.UTF8.GetString((await BodyAsync())!));

        var fits = "{\"event\":\"messages.upsert\",\"instance\":\"shop-acme\",\"data\":" + new string('[', 30) + new string(']', 30) + ",\"date_time\":\"t\"}";
        Assert.Equal((200, "stored"), await Host.SendAsync("acme", fits, Secret));
        Assert.Equal(1, await Host.CountAsync(where: "problem IS NULL"));
    }

    [Fact]
    public async Task A_body_over_the_host_s_own_limit_is_no_413_but_an_oversized_one()
    {
        await using var tight = await ReceiverHost.StartAsync(
            Database.ConnectionString, Host.KeyFile, null, "--EventsMaxBodyBytes=20000", "--FUNCTIONS_REQUEST_BODY_SIZE_LIMIT=30000");
        var big = $"{{\"event\":\"messages.upsert\",\"instance\":\"shop-acme\",\"data\":\"{new string('a', 60_000)}\"}}";
        Assert.Equal((200, "stored"), await tight.SendAsync("acme", big, Secret));
        Assert.Equal(1, await Host.CountAsync(where: "problem = 'oversized' AND size > 60000"));
    }

    [Fact]
    public async Task Of_an_oversized_body_the_envelope_is_kept_and_each_is_told_from_the_next()
    {
        static string Big(char fill) => $"{{\"event\":\"messages.upsert\",\"instance\":\"shop-acme\",\"data\":{{\"base64\":\"{new string(fill, 200_000)}\"}}}}";

        Assert.Equal((200, "stored"), await Host.SendAsync("acme", Big('a'), Secret));
        Assert.Equal((200, "duplicate"), await Host.SendAsync("acme", Big('a'), Secret));
        Assert.Equal((200, "stored"), await Host.SendAsync("acme", Big('b'), Secret));
        Assert.Equal(2, await Host.CountAsync(where: "problem = 'oversized' AND size > 200000 AND instance = 'shop-acme' AND event = 'messages.upsert'"));
        Assert.Equal(0, await Host.CountAsync("event_bodies"));
    }

    [Fact]
    public async Task Text_that_postgres_cannot_hold_does_not_spoil_the_commit_of_others()
    {
        var poison = "{\"event\":\"connection\\u0000.update\",\"instance\":\"shop-\\u0000\",\"data\":{\"state\":\"o\\u0000pen\"},\"date_time\":\"\\u0000\"}";
        var sends = Enumerable.Range(0, 20).Select(i => Host.SendAsync("acme", Webhooks.Message("shop-acme", $"P{i}"), Secret)).Append(Host.SendAsync("acme", poison, Secret));

        Assert.All(await Task.WhenAll(sends), answer => Assert.Equal((200, "stored"), answer));
        Assert.Equal(21, await Host.CountAsync());
    }

    [Fact]
    public async Task Every_recorded_delivery_is_accepted_as_it_is_and_never_its_key_in_the_log()
    {
        var file = Path.Combine(Repository.Root, "tests/Integration/Simulator/transcripts/events.jsonl");
        var bodies = File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("body")).ToArray();
        foreach (var body in bodies)
            Assert.Equal((200, "stored"), await Host.SendAsync("acme", body.GetRawText(), Secret));

        Assert.Equal(bodies.Length, await Host.CountAsync(where: "problem IS NULL AND is_foreign"));
        Assert.Equal("refused", await Host.ScalarAsync<string>("SELECT state FROM whatsops.events WHERE reason = 428"));
        Assert.Equal(2, await Host.CountAsync(where: "state = 'close' AND reason = 401"));
    }

    [Fact]
    public async Task The_body_comes_back_as_it_was_sent_but_for_the_apikey()
    {
        var body = Webhooks.Message("shop-acme", "R1").Replace("\"apikey\":", "\"apikey\" : ");
        await Host.SendAsync("acme", body, Secret);

        Assert.Equal(body.Replace("\"11111111-TOKEN\"", "null"), Encoding.UTF8.GetString((await BodyAsync())!));
    }

    private async Task<byte[]?> BodyAsync()
    {
        await using var command = Database.DataSource.CreateCommand("SELECT system, tenant, received_at, id FROM whatsops.events ORDER BY received_at LIMIT 1");
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return await Host.Get<EventBodies>().ReadAsync(row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.GetGuid(3), CancellationToken.None);
    }
}
