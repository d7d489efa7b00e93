using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using WhatsOps.Diagnosis;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Tests.Capabilities;

namespace WhatsOps.Tests.Integration.Gateways;

/// <summary>TaktChat behind the interface of all gateways: logins, companies, what its statuses mean, and what it cannot do.</summary>
public sealed class TaktChatGatewayTests
{
    private static readonly string[] Odd =
    [
        "", "null", "{}", "\"x\"", "[null]", "[{}]", "[{\"id\":7}]", "[{\"id\":7,\"companyId\":1,\"updatedAt\":\"yesterday\"}]", "[{\"id\":\"seven\",\"companyId\":1}]", "<html>",
        "{\"token\":\"t\"}", "{\"token\":7,\"user\":{}}", "{\"message\":7}", "{\"id\":7,\"status\":[]}", "{\"backend\":{\"version\":7}}",
    ];

    [Fact]
    [Capability("R-011")]
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
        await OpenAsync(world.Open(), "1-7");
        // Without an account of that company, by the list of all.
        Assert.Equal(InstanceState.Connecting, (await world.Open().StateAsync("12-8", default)).Value);
        foreach (var name in (string[])["12-7", "1-8", "01-7", "1-7-1", "acme", "-7", "1-", "1-99999999999999"]) Assert.Equal(Outcome.Absent, (await world.Open().StateAsync(name, default)).Outcome);
        Assert.DoesNotContain(world.Gateway.Calls, call => !call.StartsWith("GET ", StringComparison.Ordinal) && call != "POST /auth/login");
    }

    [Fact]
    public async Task One_login_serves_all_calls_and_is_renewed_only_when_TaktChat_says_that_it_is_over()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var world = await TaktChatWorld.StartAsync(time);
        await world.Gateway.SeedAsync(1, 7);
        var user = world.Gateway.Users.Single();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => world.Open().ListAsync(default)));
        Assert.Equal((1, 5), (user.Logins, user.Calls));

        time.Advance(TimeSpan.FromMinutes(1));
        world.Gateway.EndLogins();
        await OpenAsync(world.Open(), "1-7");
        Assert.Equal(2, user.Logins);
        Assert.Equal(["login", "login"], world.Calls.All.Where(call => call.Operation == "login").Select(call => call.Operation));
    }

    [Fact]
    public async Task A_session_that_is_refused_at_once_is_not_logged_in_anew_again_and_again()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var world = await TaktChatWorld.StartAsync(time);
        await world.Gateway.SeedAsync(1, 7);
        var user = world.Gateway.Users.Single();
        Assert.True((await world.Open().ListAsync(default)).IsSeen);
        (world.Gateway.HasNewSecret, var before) = (true, user.Logins);
        world.Gateway.EndLogins();
        var refused = await world.Open().ListAsync(default);
        Assert.Equal((Outcome.Unauthorized, before), (refused.Outcome, user.Logins));
        Assert.Contains("JWT_SECRET", refused.Detail, StringComparison.Ordinal);

        // After the pause one login, and the session is good again.
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.True((await world.Open().ListAsync(default)).IsSeen);
        Assert.Equal(before + 1, user.Logins);

        // An old token that a new secret made worthless is replaced at once.
        time.Advance(TimeSpan.FromHours(1));
        world.Gateway.EndLogins();
        Assert.True((await world.Open().ListAsync(default)).IsSeen);
        Assert.Equal(before + 2, user.Logins);
    }

    [Theory]
    [InlineData(401, "ERR_OUT_OF_HOURS", "give it none in TaktChat")]
    [InlineData(403, "ERR_ACCESS_BLOCKED_BY_PARENT", "unblock it there")]
    [InlineData(403, "ERR_LICENSE_OVERDUE", "settle it in TaktChat")]
    [InlineData(401, "ERR_INVALID_CREDENTIALS", "correct what gateways[].accounts refers to")]
    public async Task A_refused_login_says_what_to_do_and_is_not_repeated_for_five_minutes(int status, string error, string fix)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var world = await TaktChatWorld.StartAsync(time);
        var user = world.Gateway.Users.Single();
        user.Refusal = (status, error);
        for (var times = 0; times < 3; times++)
        {
            var list = await world.Open().ListAsync(default);
            Assert.Equal(Outcome.Unauthorized, list.Outcome);
            Assert.Contains(error, list.Detail, StringComparison.Ordinal);
            Assert.Contains(fix, list.Detail, StringComparison.Ordinal);
            Assert.DoesNotContain(TaktChatWorld.Password, list.Detail, StringComparison.Ordinal);
        }

        Assert.Single(world.Gateway.Calls, call => call == "POST /auth/login");
        user.Refusal = null;
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.True((await world.Open().ListAsync(default)).IsSeen);
    }

    [Fact]
    public async Task An_account_of_another_company_than_the_file_says_is_refused_before_it_acts()
    {
        await using var world = await TaktChatWorld.StartAsync();
        await world.Gateway.SeedAsync(12, 8, "DISCONNECTED", hasKeys: true);
        world.Gateway.AddUser(13, "ops-12@example.com", TaktChatWorld.Password);
        var answer = await world.Open(1, 12).ConnectAsync("12-8", default);
        Assert.Equal(Outcome.Unauthorized, answer.Outcome);
        Assert.Contains("the account of company 12 is a user of company 13", answer.Detail, StringComparison.Ordinal);
        Assert.Equal("DISCONNECTED", world.Gateway.Lines.Single().Status);
    }

    [Fact]
    public async Task Another_companys_connection_is_not_touched_without_an_account_of_that_company()
    {
        await using var world = await TaktChatWorld.StartAsync();
        await world.Gateway.SeedAsync(12, 8, "DISCONNECTED", hasKeys: true);
        var gateway = world.Open();
        const string why = "gateway main has no account of company 12";
        Assert.Contains(why, (await gateway.ConnectAsync("12-8", default)).Detail, StringComparison.Ordinal);
        Assert.Contains(why, (await gateway.RestartAsync("12-8", default)).Detail, StringComparison.Ordinal);
        Assert.Contains(why, (await gateway.LogoutAsync("12-8", default)).Detail, StringComparison.Ordinal);
        Assert.Empty(world.Gateway.Calls);

        world.Gateway.AddUser(12, "ops-12@example.com", TaktChatWorld.Password);
        Assert.Equal(InstanceState.Open, (await world.Open(1, 12).ConnectAsync("12-8", default)).Value!.State);
    }

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
        await OpenAsync(gateway, "1-8");
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
    public async Task Doctor_tries_every_account_and_names_the_one_that_is_refused()
    {
        await using var world = await TaktChatWorld.StartAsync();
        world.Gateway.AddUser(12, "ops-12@example.com", TaktChatWorld.Password);
        world.Gateway.AddUser(13, "ops-13@example.com", "another");
        var (system, endpoint) = world.Place(1, 12, 13);
        var checks = await new GatewayDoctor(world.Get<IGateways>(), world.Get<IFleet>()).ExamineAsync(system, endpoint, default);
        Assert.DoesNotContain(checks, check => check.Check != "gateway.account" && check.Status != DoctorStatus.Ok);
        Assert.Equal(["main, company 12", "main, company 13"], checks.Where(check => check.Check == "gateway.account").Select(check => check.Target));
        Assert.Contains("ERR_INVALID_CREDENTIALS", Assert.Single(checks, check => check.Status != DoctorStatus.Ok).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_body_of_somebody_else_is_taken_for_a_state()
    {
        using var fixture = new GatewayFixture();
        foreach (var body in Odd)
        {
            await using var server = await ScriptedGateway.StartAsync(context =>
            {
                context.Response.ContentType = "application/json";
                return context.Response.WriteAsync(context.Request.Path == "/auth/login" && context.Request.Headers.Authorization.Count == 0 ? """{"token":"t","user":{"companyId":1}}""" : body);
            });
            var endpoint = new GatewayEndpoint { Name = "g", Url = server.Url, Accounts = [new() { Company = 1, Email = "e", Password = "p" }] };
            var gateway = fixture.Open(new FleetSystem { Name = "s", Kind = SystemKinds.TaktChat, Gateways = [endpoint] }, endpoint, forSweep: true);
            Assert.Equal(Outcome.Unreachable, (await gateway.ProbeAsync(default)).Outcome);
            Assert.Equal(Outcome.Unreachable, (await gateway.ListAsync(default)).Outcome);
            Assert.Equal(Outcome.Unreachable, (await gateway.StateAsync("1-7", default)).Outcome);
            Assert.Equal(Outcome.Unreachable, (await gateway.ConnectAsync("1-7", default)).Outcome);
            Assert.Equal(GatewayResult.Unreachable, (await gateway.LogoutAsync("1-7", default)).Result);
        }
    }

    [Fact]
    public async Task A_login_that_answers_something_else_is_no_refusal()
    {
        using var fixture = new GatewayFixture();
        foreach (var body in Odd)
        {
            await using var server = await ScriptedGateway.StartAsync(200, body);
            var endpoint = new GatewayEndpoint { Name = "g", Url = server.Url, Accounts = [new() { Company = 1, Email = "e", Password = "p" }] };
            var list = await fixture.Open(new FleetSystem { Name = "s", Kind = SystemKinds.TaktChat, Gateways = [endpoint] }, endpoint, forSweep: true).ListAsync(default);
            Assert.Equal(Outcome.Unreachable, list.Outcome);
            Assert.StartsWith("login: ", list.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_name_is_two_numbers_and_reads_back_as_what_it_was_written_from() => Gen.Select(Gen.Int[1, int.MaxValue], Gen.Int[1, int.MaxValue]).Sample((company, id) =>
        Assert.Equal((company, id), WhatsOps.Gateways.TaktChat.TaktChatConnection.Parse(WhatsOps.Gateways.TaktChat.TaktChatConnection.NameOf(company, id))));

    // Open is also what nothing seen would read as.
    private static async Task OpenAsync(IGateway gateway, string name) =>
        Assert.Equal((Outcome.Seen, InstanceState.Open), (await gateway.StateAsync(name, default)) is var seen ? (seen.Outcome, seen.Value) : default);
}
