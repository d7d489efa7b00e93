using WhatsOps.Audits;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Tests.Unit.Audits;

public sealed class CanaryRulesTests
{
    private const string Receiver = "https://ops.example.com/api/whatsapp/webhook/acme";
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 3, 0, 0, TimeSpan.Zero);
    private static readonly CanaryOptions Options = new();
    private static readonly InstanceStatus Open = new("revalya", "acme", "gw0", "revalya-acme", InstanceState.Open, Now.AddDays(-3), Now, Now, Now.AddHours(-5), null);
    private static readonly Canary Sent = new(Guid.NewGuid(), "revalya", "acme", "gw0", "revalya-acme", Now.AddMinutes(-5))
    {
        ExpectsEcho = true,
        Answer = SelfMessageResult.Accepted, AnsweredAt = Now.AddMinutes(-5), MessageId = "3EB0A1",
    };

    private static readonly Canary Zombie = Sent with { Verdict = CanaryVerdict.Zombie, JudgedAt = Now.AddMinutes(-2) };

    [Theory]
    [InlineData(59.9, false)]
    [InlineData(60, true)]
    public void Silence_is_judged_60_seconds_after_the_answer(double seconds, bool due) =>
        Assert.Equal(due, CanaryRules.IsDue(Sent with { AnsweredAt = Now.AddSeconds(-seconds) }, Options, Now));

    [Fact]
    public void The_wait_is_the_fleet_files_and_its_default_when_the_canary_was_taken_out_since()
    {
        var canary = Sent with { AnsweredAt = Now.AddSeconds(-90) };
        Assert.False(CanaryRules.IsDue(canary, new() { WaitSeconds = 91 }, Now));
        Assert.True(CanaryRules.IsDue(canary, null, Now));
    }

    [Theory]
    [InlineData(119, false)]
    [InlineData(120, true)]
    public void One_without_an_answer_is_given_up_after_two_minutes(double seconds, bool due) =>
        Assert.Equal(due, CanaryRules.IsDue(Sent with { Answer = null, AnsweredAt = null, ClaimedAt = Now.AddSeconds(-seconds) }, Options, Now));

    [Theory]
    [InlineData(5.99, false)]
    [InlineData(6, true)]
    public void An_instance_is_tested_every_six_hours_at_most(double hours, bool may)
    {
        var before = Sent with { ClaimedAt = Now.AddHours(-hours), JudgedAt = Now.AddHours(-hours), Verdict = CanaryVerdict.Inconclusive };
        Assert.Equal(may, CanaryRules.MayFollow(null, before, Open, Options, Now) is not null);
    }

    [Fact]
    public void None_follows_one_that_is_under_way_or_a_verdict_of_zombie_about_this_very_session()
    {
        Assert.Equal(Now.AddHours(-6), CanaryRules.MayFollow(null, null, Open, Options, Now));
        Assert.Null(CanaryRules.MayFollow(Sent, null, Open, Options, Now));
        var old = Zombie with { ClaimedAt = Now.AddHours(-30), JudgedAt = Now.AddHours(-29) };
        Assert.Null(CanaryRules.MayFollow(null, old, Open, Options, Now));
        // A restart in between: whether it helped is asked at once.
        Assert.Equal(Zombie.ClaimedAt, CanaryRules.MayFollow(null, Zombie, Open with { Since = Now.AddMinutes(-1) }, Options, Now));
    }

    [Theory]
    [InlineData(true, Receiver, "SEND_MESSAGE", true, true)]
    [InlineData(true, Receiver, "", true, true)]
    [InlineData(true, Receiver, "MESSAGES_UPSERT", true, false)]
    [InlineData(false, Receiver, "SEND_MESSAGE", true, false)]
    [InlineData(true, "https://product.example.com/hook", "SEND_MESSAGE", true, false)]
    [InlineData(true, Receiver, "SEND_MESSAGE", false, false)]
    public void An_echo_is_expected_where_the_real_webhook_would_tell_us_of_it(bool enabled, string url, string events, bool headers, bool expected)
    {
        var sent = headers ? new Dictionary<string, string> { ["x-whatsops-secret"] = "s" } : [];
        var real = new WebhookSettings(enabled, url, sent, events.Split(',', StringSplitOptions.RemoveEmptyEntries), false, false);
        Assert.Equal(expected, CanaryRules.ExpectsEcho(real, Receiver));
        Assert.False(CanaryRules.ExpectsEcho(null, Receiver));
    }

    [Fact]
    public void An_echo_is_life_whatever_the_gateway_answered_and_says_now()
    {
        foreach (var canary in (Canary[])[Sent, Sent with { Answer = SelfMessageResult.Unanswered }, Sent with { ExpectsEcho = false }])
            Assert.Equal(CanaryVerdict.Alive, CanaryRules.Judge(canary, new("send.message", null, false)).Verdict);
    }

    [Theory]
    [InlineData(SelfMessageResult.Refused)]
    [InlineData(SelfMessageResult.Unanswered)]
    public void Open_and_not_sending_is_a_zombie_even_where_no_webhooks_arrive(SelfMessageResult answer)
    {
        var canary = Sent with { Answer = answer, MessageId = null, ExpectsEcho = false, Detail = "HTTP 400: Error: Connection Closed" };
        var judged = CanaryRules.Judge(canary, new(null, Seen(InstanceState.Open), false));
        Assert.Equal(CanaryVerdict.Zombie, judged.Verdict);
        Assert.Contains("Connection Closed", judged.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Accepted_without_an_echo_is_a_zombie_only_where_an_echo_would_have_come()
    {
        var facts = new CanaryFacts(null, Seen(InstanceState.Open), AreEventsArriving: true);
        Assert.Equal(CanaryVerdict.Zombie, CanaryRules.Judge(Sent, facts).Verdict);
        Assert.Equal(CanaryVerdict.Inconclusive, CanaryRules.Judge(Sent, facts with { AreEventsArriving = false }).Verdict);
        Assert.Equal(CanaryVerdict.Inconclusive, CanaryRules.Judge(Sent with { ExpectsEcho = false }, facts).Verdict);
        Assert.Equal(CanaryVerdict.Inconclusive, CanaryRules.Judge(Sent with { MessageId = null }, facts).Verdict);
    }

    [Fact]
    public void Nothing_follows_from_one_that_was_not_sent_or_whose_instance_is_not_seen_open()
    {
        var facts = new CanaryFacts(null, Seen(InstanceState.Open), AreEventsArriving: true);
        Assert.Equal(CanaryVerdict.Inconclusive, CanaryRules.Judge(Sent with { Answer = null }, facts).Verdict);
        Assert.Equal(CanaryVerdict.Inconclusive, CanaryRules.Judge(Sent with { Answer = SelfMessageResult.NotSent }, facts).Verdict);
        foreach (var answer in (SelfMessageResult[])[SelfMessageResult.Refused, SelfMessageResult.Unanswered, SelfMessageResult.Accepted])
        {
            Assert.Equal(CanaryVerdict.Inconclusive, CanaryRules.Judge(Sent with { Answer = answer }, facts with { State = Seen(InstanceState.Connecting) }).Verdict);
            Assert.Equal(CanaryVerdict.Inconclusive, CanaryRules.Judge(Sent with { Answer = answer }, facts with { State = new(Outcome.Unreachable, default, "gone", Now, default) }).Verdict);
            Assert.Equal(CanaryVerdict.Inconclusive, CanaryRules.Judge(Sent with { Answer = answer }, facts with { State = null }).Verdict);
        }
    }

    [Fact]
    public void A_verdict_of_zombie_stands_until_the_line_is_heard_or_not_open_or_eight_days_have_passed()
    {
        Assert.True(CanaryRules.Stands(Zombie, Open, null, Now));
        Assert.True(CanaryRules.Stands(Zombie, Open, Zombie.ClaimedAt, Now));
        Assert.False(CanaryRules.Stands(Zombie, Open, Zombie.ClaimedAt.AddSeconds(1), Now));
        Assert.False(CanaryRules.Stands(Zombie, Open with { State = InstanceState.Close }, null, Now));
        Assert.True(CanaryRules.Stands(Zombie, Open, null, Zombie.JudgedAt!.Value.AddDays(8).AddSeconds(-1)));
        Assert.False(CanaryRules.Stands(Zombie, Open, null, Zombie.JudgedAt!.Value.AddDays(8)));
        Assert.False(CanaryRules.Stands(Zombie with { Verdict = CanaryVerdict.Inconclusive }, Open, null, Now));
    }

    [Theory]
    [InlineData(23.9, true)]
    [InlineData(24, false)]
    public void Two_verdicts_within_a_day_are_one_trouble_that_was_not_mended(double hours, bool same)
    {
        Assert.Equal(same, CanaryRules.WasZombieBefore([Zombie, Zombie with { ClaimedAt = Zombie.ClaimedAt.AddHours(-hours) }]));
        Assert.False(CanaryRules.WasZombieBefore([Zombie]));
        Assert.False(CanaryRules.WasZombieBefore([Zombie, Zombie with { Verdict = CanaryVerdict.Alive, ClaimedAt = Zombie.ClaimedAt.AddHours(-1) }]));
    }

    [Fact]
    public void A_zombie_is_restarted_once_and_then_it_takes_more()
    {
        var first = ZombieFindings.Shown(Zombie, Open, wasZombieBefore: false);
        Assert.Equal(("instance_zombie", Severity.High, "restart-instance"), (first.Kind, first.Severity, first.Remedy));
        Assert.Null(ZombieFindings.Shown(Zombie, Open with { Since = Now }, wasZombieBefore: false).Remedy);
        var again = ZombieFindings.Shown(Zombie, Open, wasZombieBefore: true);
        Assert.Null(again.Remedy);
        Assert.Contains("from=pairing", again.Cause, StringComparison.Ordinal);
    }

    private static Observation<InstanceState> Seen(InstanceState state) => new(Outcome.Seen, state, null, Now, default);
}
