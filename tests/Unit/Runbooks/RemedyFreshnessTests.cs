using Microsoft.Extensions.Time.Testing;
using Moq;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Routines;
using WhatsOps.Runbooks;

namespace WhatsOps.Tests.Runbooks;

public sealed class RemedyFreshnessTests
{
    // São Paulo is three hours behind: 06:30 there is 09:30.
    private static readonly DateTimeOffset Seen = new(2026, 3, 2, 9, 31, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Next = new(2026, 3, 3, 9, 30, 0, TimeSpan.Zero);
    private static readonly FleetSystem System = new() { Name = "revalya", Kind = "evolution" };
    private static readonly Runbook Looks = new SketchRunbook { Looks = true };
    private static readonly Runbook Blind = new SketchRunbook();

    [Theory]
    [InlineData("sweep", 15, true)]
    [InlineData("sweep", 15.1, false)]
    [InlineData("audit/webhook-drift/gateway", 15, true)]
    public void What_was_seen_within_a_quarter_of_an_hour_is_fresh_for_every_runbook(string check, double minutes, bool fresh) =>
        Assert.Equal(fresh, Allows(check, Blind, Seen.AddMinutes(minutes)));

    [Theory]
    [InlineData("audit/webhook-drift")]
    [InlineData("audit/webhook-drift/gateway")]
    public void What_an_audit_saw_counts_until_three_quarters_of_an_hour_after_its_next_due_time(string check)
    {
        Assert.True(Allows(check, Looks, Seen.AddHours(5)));
        Assert.True(Allows(check, Looks, Next.AddMinutes(45)));
        Assert.False(Allows(check, Looks, Next.AddMinutes(45.1)));
    }

    [Fact]
    public void An_old_picture_needs_a_runbook_that_looks_itself() => Assert.False(Allows("audit/webhook-drift", Blind, Seen.AddMinutes(16)));

    [Theory]
    [InlineData("sweep")]
    [InlineData("webhook-drift")]
    [InlineData("audit/webhook")]
    [InlineData("zombies")]
    public void Other_checks_and_unknown_audits_have_no_longer_picture(string check) => Assert.False(Allows(check, Looks, Seen.AddMinutes(16)));

    [Fact]
    public void The_fleet_files_own_hours_count_and_an_audit_that_is_off_looks_only_when_asked()
    {
        var hourly = System with { Schedules = new Dictionary<string, string> { ["webhook-drift"] = "0 * * * *" } };
        Assert.True(Allows("audit/webhook-drift", Looks, Seen.AddMinutes(29 + 45), hourly));
        Assert.False(Allows("audit/webhook-drift", Looks, Seen.AddMinutes(29 + 46), hourly));
        Assert.False(Allows("audit/webhook-drift", Looks, Seen.AddMinutes(16), System with { Schedules = new Dictionary<string, string> { ["webhook-drift"] = "off" } }));
    }

    [Fact]
    public void Every_runbook_that_claims_to_look_for_the_need_begins_by_looking()
    {
        foreach (var runbook in AllRunbooks.Current.Where(runbook => runbook.ConfirmsNeed))
            Assert.Equal(Effect.Reads, runbook.Steps[0].Effect);
        Assert.Equal(["migrate-instance", "reset-integration", "restart-instance", "restore-database", "restore-part"], AllRunbooks.Current.Where(runbook => !runbook.ConfirmsNeed).Select(runbook => runbook.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(14.9, true)]
    [InlineData(15, false)]
    public void A_refused_plan_rests_for_a_quarter_of_an_hour(double minutes, bool holds)
    {
        var time = new FakeTimeProvider(Seen);
        var refusals = new RemedyRefusals(time);
        refusals.Add(7);
        time.Advance(TimeSpan.FromMinutes(minutes));
        Assert.Equal(holds, refusals.Holds(7));
        Assert.False(refusals.Holds(8));
    }

    private static bool Allows(string check, Runbook runbook, DateTimeOffset now, FleetSystem? system = null)
    {
        var routine = Mock.Of<IRoutine>(one => one.Name == "webhook-drift" && one.DefaultSchedule == "30 6 * * *" && one.AppliesTo(It.IsAny<FleetSystem>()) == true);
        var finding = new Finding(
            1, "webhook_drift", check, "revalya", "gw0", "acme", "revalya-acme", Severity.High, FindingState.Open, "", new Dictionary<string, string>(), runbook.Name, Seen, Seen, null, null, null, null);
        return new RemedyFreshness([routine], new RunbookPatience()).Allows(system ?? System, finding, runbook, now);
    }
}
