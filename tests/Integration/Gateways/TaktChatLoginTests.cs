using Microsoft.Extensions.Time.Testing;
using WhatsOps.Diagnosis;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Tests.Integration.Gateways;

/// <summary>Accounts of companies: who logs in when, and what a refusal says.</summary>
public sealed class TaktChatLoginTests
{
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
        await TaktChatWorld.AssertOpenAsync(world.Open(), "1-7");
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
    [Source("taktchat", SourceState.Unauthorized, "gateway_unauthorized")]
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
}
