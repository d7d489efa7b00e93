using Microsoft.Extensions.Time.Testing;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Watch;

/// <summary>What must be renewed by a day is said in time, by the calendar of the system.</summary>
public sealed class RenewalTests
{
    private static readonly DateOnly Today = new(2026, 3, 1);

    [Theory]
    [Capability("R-020")]
    [Capability("R-021")]
    [InlineData(15, null, "")]
    [InlineData(14, Severity.Medium, "must be renewed within 14 days, by 2026-03-15")]
    [InlineData(3, Severity.Medium, "must be renewed within 3 days")]
    [InlineData(2, Severity.High, "must be renewed within 2 days")]
    [InlineData(1, Severity.High, "must be renewed by tomorrow")]
    [InlineData(0, Severity.High, "must be renewed today")]
    [InlineData(-1, Severity.Critical, "is expired since 2026-02-28")]
    public void A_token_is_a_finding_fourteen_days_before_its_end_and_gets_worse(int days, Severity? severity, string words)
    {
        var reading = RenewalProbe.Read(Token with { Expires = Today.AddDays(days), How = "Business settings, system users." }, Today);
        Assert.Equal((Outcome.Seen, new Measure("renewal.days", days)), (reading.Outcome, Assert.Single(reading.Measures)));
        Assert.Equal(severity, reading.Troubles.SingleOrDefault()?.Severity);
        if (severity is null) return;
        var trouble = reading.Troubles[0];
        Assert.Equal(TroubleKinds.RenewalDue, trouble.Kind);
        Assert.StartsWith($"Meta token {words}", trouble.Cause, StringComparison.Ordinal);
        Assert.EndsWith("Fix: Business settings, system users, then write the new date into the fleet file.", trouble.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [Capability("R-389", HumanTask = true)]
    [InlineData(75, null)]
    [InlineData(76, Severity.Medium)]
    [InlineData(91, Severity.High)]
    public void A_password_is_due_so_many_days_after_it_was_changed(int age, Severity? severity)
    {
        var reading = RenewalProbe.Read(Token with { Changed = Today.AddDays(-age), EveryDays = 90 }, Today);
        Assert.Equal(severity, reading.Troubles.SingleOrDefault()?.Severity);
        if (age > 90) Assert.Contains("should have been renewed by", Assert.Single(reading.Troubles).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_day_is_that_of_the_system_s_time_zone()
    {
        var time = new FakeTimeProvider(new(2026, 3, 2, 2, 59, 0, TimeSpan.Zero));
        var look = new RenewalProbe(time).LooksAt(new() { Name = "chat", Kind = "taktchat", Watch = new() { Renewals = [Token with { Expires = Today.AddDays(15) }] } }).Single();
        Assert.Equal(("renewal/meta", TimeSpan.FromHours(1)), (look.Target, look.Every));
        // Still the first of March in São Paulo.
        Assert.Empty((await look.ReadAsync(default)).Troubles);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Single((await look.ReadAsync(default)).Troubles);
    }

    [Fact]
    public void Without_a_day_it_is_absent_and_never_well() => Assert.Equal(Outcome.Absent, RenewalProbe.Read(Token, Today).Outcome);

    private static RenewalTarget Token => new() { Name = "meta", What = "Meta token" };
}
