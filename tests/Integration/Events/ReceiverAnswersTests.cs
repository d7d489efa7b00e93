using System.Text.Json;
using System.Text.Json.Nodes;
using WhatsOps.Tests.Integration.Simulator;

namespace WhatsOps.Tests.Integration.Events;

/// <summary>The table of docs/receiver.md: what comes in, what is answered, what is in the log afterwards.</summary>
public sealed class ReceiverAnswersTests : ReceiverWorld
{
    [Fact]
    public async Task A_proven_event_is_stored_before_it_is_acknowledged_and_its_repetitions_are_not()
    {
        var body = Webhooks.Message("shop-acme", "A1");

        Assert.Equal((200, "stored"), await Host.SendAsync("acme", body, Secret));
        Assert.Equal(1, await Host.CountAsync());
        Assert.Equal((200, "duplicate"), await Host.SendAsync("acme", body, Secret));
        Assert.Equal((200, "duplicate"), await Host.SendAsync("acme", body, Secret, suffix: "/messages-upsert"));
        Assert.Equal(1, await Host.CountAsync());
    }

    [Fact]
    public async Task The_same_event_from_local_and_global_webhook_at_once_is_stored_once()
    {
        var bodies = Enumerable.Range(0, 10).Select(copy => Reordered(Webhooks.Message("shop-acme", "B1", dateTime: "2026-03-01T09:00:00.000Z"), copy)).ToArray();
        var answers = await Task.WhenAll(bodies.Select(body => Host.SendAsync("acme", body, Secret)));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Single(answers, answer => answer.Answer == "stored");
        Assert.Equal(1, await Host.CountAsync());
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
        Assert.Equal((200, "stored"), await Host.SendAsync("acme", body.ToJsonString(), Secret, suffix: suffix));

        Assert.Equal("connection.update", await Host.ScalarAsync<string>("SELECT event FROM whatsops.events"));
        Assert.Equal("open", await Host.ScalarAsync<string>("SELECT state FROM whatsops.instances"));
    }

    [Fact]
    public async Task Overload_is_503_and_what_was_refused_is_not_stored()
    {
        await using var small = await ReceiverHost.StartAsync(Database.ConnectionString, Host.KeyFile, null, "--EventsMaxWaiting=1", "--EventsCommitSeconds=30");
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var hold = new Npgsql.NpgsqlCommand("LOCK TABLE whatsops.event_keys IN EXCLUSIVE MODE", connection, transaction)) await hold.ExecuteNonQueryAsync();

        var sends = Enumerable.Range(0, 10).Select(i => small.SendAsync("acme", Webhooks.Message("shop-acme", $"O{i}"), Secret)).ToArray();
        await Until.True(() => sends.Count(send => send.IsCompleted) >= 8);
        await transaction.RollbackAsync();
        var answers = await Task.WhenAll(sends);

        Assert.Contains(answers, answer => answer == (503, "overloaded"));
        Assert.Equal(answers.Count(answer => answer.Status == 200), await Host.CountAsync());
    }

    [Fact]
    public async Task Operators_see_events_masked_and_without_bodies_and_page_through_them()
    {
        for (var i = 0; i < 5; i++) await Host.SendAsync("acme", Webhooks.Message("shop-acme", $"L{i}"), Secret);
        await Host.SendAsync("acme", Webhooks.Message("5511999990000", "L9"), Secret);
        async Task<JsonElement> Get(string query)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/events?{query}");
            request.Headers.Add("x-whatsops-key", ReceiverHost.OperatorKey);
            using var response = await Host.Client.SendAsync(request);
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
        Assert.Equal(401, (int)(await Host.Client.GetAsync("/api/events")).StatusCode);
    }

    // Proxies and serialisers reorder members; the event stays the same.
    private static string Reordered(string body, int by)
    {
        var members = JsonNode.Parse(body)!.AsObject().Select(member => (member.Key, Value: member.Value?.DeepClone())).ToArray();
        return new JsonObject(members.Skip(by % members.Length).Concat(members.Take(by % members.Length)).Select(member => KeyValuePair.Create(member.Key, member.Value))).ToJsonString();
    }
}
