using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;
using WhatsOps.Tests.Capabilities;

namespace WhatsOps.Tests.Unit.Health;

/// <summary>Each rule on both sides of its number.</summary>
public sealed class InstanceRulesTests
{
    [Theory]
    [InlineData("evolution", "revalya", "instance_not_open", "recover-instance", "recover-instance")]
    [InlineData("turbozap", "revalya", "instance_not_open", "recover-instance", "recover-instance")]
    [InlineData("turbozap", "turbozap", "instance_not_open", "recover-instance", "reconnect")]
    [InlineData("taktchat", "taktchat", "instance_not_open", "recover-instance", "reconnect")]
    [InlineData("taktchat", "taktchat", "instance_stuck_connecting", "recover-instance", "restart-instance")]
    [InlineData("taktchat", "taktchat", "instance_missing", "create-instance", null)]
    [InlineData("turbozap", "turbozap", "instance_missing", "create-instance", "create-instance")]
    [InlineData("taktchat", "taktchat", "instance_logged_out", "reauthenticate", "reauthenticate")]
    public void No_remedy_is_offered_that_the_system_would_refuse(string kind, string directory, string finding, string remedy, string? offered)
    {
        var system = new FleetSystem { Name = "s", Kind = kind, TenantDirectory = new() { Kind = directory, ConnectionString = "x" } };
        Assert.Equal(offered, Remedies.Possible(system, new(finding, "c", "s", "g", "t", "i", Severity.Medium, "why", new Dictionary<string, string>(), remedy)).Remedy);
    }

    private static readonly SystemThresholds Thresholds = new();

    [Fact]
    [Capability("R-096")]
    public void Open_is_healthy() => Assert.Empty(Judge(Facts.Of(Facts.Listed(), Facts.Known())));

    [Theory]
    [InlineData(10, "instance_not_open", Severity.Medium)]
    [InlineData(10.1, "instance_stuck_connecting", Severity.High)]
    [Capability("R-056")]
    public void Connecting_counts_as_stuck_after_ten_minutes(double minutes, string kind, Severity severity)
    {
        var finding = Assert.Single(Judge(Facts.Of(Facts.Listed(InstanceState.Connecting), Facts.Known(InstanceState.Connecting, sinceMinutes: minutes), InstanceState.Connecting)));
        Assert.Equal((kind, severity), (finding.Kind, finding.Severity));
    }

    [Fact]
    public void Connecting_just_noticed_is_not_stuck_however_long_it_was_open() =>
        Assert.Equal("instance_not_open", Assert.Single(Judge(Facts.Of(Facts.Listed(InstanceState.Connecting), Facts.Known(sinceMinutes: 600), InstanceState.Connecting))).Kind);

    [Theory]
    [InlineData(false, 0, true)]
    [InlineData(false, 1, false)]
    [InlineData(true, 0, false)]
    [Capability("R-054")]
    public void Stuck_without_pairing_and_without_a_qr_code_says_that_none_appeared(bool paired, int qrCodes, bool says)
    {
        var finding = Assert.Single(Judge(Facts.Of(
            Facts.Listed(InstanceState.Connecting, paired: paired), Facts.Known(InstanceState.Connecting), InstanceState.Connecting, qrCodes: qrCodes)));
        Assert.Equal(says, finding.Cause.Contains("no QR code appeared", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [Capability("R-062")]
    public void More_than_three_disconnections_in_two_hours_are_unstable(int disconnections, bool unstable) =>
        Assert.Equal(unstable, Judge(Facts.Of(Facts.Listed(), Facts.Known(), disconnections: disconnections)).Any(f => f is { Kind: "instance_unstable", Severity: Severity.Medium }));

    [Theory]
    [InlineData(10, false)]
    [InlineData(11, true)]
    [Capability("R-055")]
    public void More_than_ten_qr_codes_an_hour_are_churn(int qrCodes, bool churn) =>
        Assert.Equal(churn, Judge(Facts.Of(Facts.Listed(), Facts.Known(), qrCodes: qrCodes)).Any(f => f is { Kind: "instance_qr_churn", Severity: Severity.Medium, Remedy: "reauthenticate" }));

    [Theory]
    [InlineData(401, "instance_logged_out")]
    [InlineData(402, "instance_logged_out")]
    [InlineData(403, "instance_logged_out")]
    [InlineData(406, "instance_logged_out")]
    [InlineData(400, "instance_not_open")]
    [InlineData(408, "instance_not_open")]
    [InlineData(428, "instance_not_open")]
    [InlineData(null, "instance_not_open")]
    [Capability("R-418")]
    public void Only_a_terminal_reason_is_logged_out(int? reason, string kind)
    {
        var finding = Assert.Single(Judge(Facts.Of(Facts.Listed(InstanceState.Close, reason: reason), Facts.Known(InstanceState.Close))));
        Assert.Equal((kind, kind == "instance_logged_out" ? "reauthenticate" : "reconnect"), (finding.Kind, finding.Remedy));
        Assert.Equal(kind == "instance_logged_out" ? Severity.High : Severity.Medium, finding.Severity);
    }

    [Fact]
    public void An_old_terminal_reason_says_nothing_about_an_open_instance() =>
        Assert.Empty(Judge(Facts.Of(Facts.Listed(reason: 401), Facts.Known(reason: 401))));

    [Fact]
    [Capability("R-095")]
    public void Missing_is_high_and_confirmed_by_a_direct_look()
    {
        var confirmed = Assert.Single(Judge(Facts.Of(null, Facts.Known(), outcome: Outcome.Absent)));
        Assert.Equal(("instance_missing", Severity.High, "create-instance"), (confirmed.Kind, confirmed.Severity, confirmed.Remedy));
        Assert.DoesNotContain("not yet", confirmed.Cause, StringComparison.Ordinal);
        Assert.Contains("not yet looked at directly", Assert.Single(Judge(Facts.Of(null, Facts.Known()))).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Not_in_the_list_but_open_on_a_direct_look_is_not_missing() => Assert.Empty(Judge(Facts.Of(null, Facts.Known(), InstanceState.Open)));

    [Fact]
    public void Listed_but_unknown_to_the_direct_look_is_not_loaded_rather_than_missing() =>
        Assert.Equal(["instance_not_loaded", "instance_state_contradiction"], Kinds(Facts.Of(Facts.Listed(), Facts.Known(InstanceState.Connecting), outcome: Outcome.Absent)));

    [Fact]
    public void A_missing_state_is_not_loaded_and_medium() =>
        Assert.Contains(Judge(Facts.Of(Facts.Listed(), Facts.Known(), InstanceState.NotLoaded)), f => f is { Kind: "instance_not_loaded", Severity: Severity.Medium, Remedy: "restart-instance" });

    [Theory]
    [InlineData(Outcome.Unreachable)]
    [InlineData(Outcome.Unauthorized)]
    [Capability("R-098")]
    public void A_failing_look_is_high_and_never_healthy(Outcome outcome)
    {
        var finding = Assert.Single(Judge(Facts.Of(Facts.Listed(), Facts.Known(InstanceState.Connecting), outcome: outcome)));
        Assert.Equal(("instance_unreadable", Severity.High), (finding.Kind, finding.Severity));
    }

    [Fact]
    public void A_lying_list_is_corrected_and_told_quietly()
    {
        var findings = Judge(Facts.Of(Facts.Listed(), Facts.Known(InstanceState.Connecting), InstanceState.Connecting)).ToArray();
        Assert.Equal(["instance_stuck_connecting", "instance_state_contradiction"], findings.Select(f => f.Kind));
        Assert.Equal(Severity.Low, findings[1].Severity);
        Assert.Equal(Severity.Info, Assert.Single(Judge(Facts.Of(Facts.Listed(InstanceState.Connecting), null, InstanceState.Open))).Severity);
    }

    [Fact]
    public void A_suspect_without_a_look_is_neither_accused_nor_cleared()
    {
        var facts = Facts.Of(Facts.Listed(), Facts.Known(InstanceState.Connecting));
        Assert.True(facts.IsUnconfirmed);
        Assert.Empty(Judge(facts));
        Assert.False(InstanceRules.IsFailing(facts));
    }

    [Theory]
    [InlineData(InstanceState.Refused)]
    [InlineData(InstanceState.Unknown)]
    [InlineData(InstanceState.Close)]
    [Capability("R-097")]
    public void Any_other_state_is_medium(InstanceState state) =>
        Assert.Equal(("instance_not_open", Severity.Medium), Assert.Single(Judge(Facts.Of(Facts.Listed(state), Facts.Known(state))).Select(f => (f.Kind, f.Severity))));

    [Theory, Capability("R-066")]
    [InlineData(60, "reconnect")]
    [InlineData(60.1, "recover-instance")]
    public void Closed_is_reconnected_for_an_hour_and_then_a_case_for_the_ladder(double minutes, string remedy) => Assert.Equal(
        remedy, Assert.Single(Judge(Facts.Of(Facts.Listed(InstanceState.Close), Facts.Known(InstanceState.Close, sinceMinutes: minutes)))).Remedy);

    [Theory]
    [InlineData(11, 0, "restart-instance")]
    [InlineData(60, 0, "restart-instance")]
    [InlineData(60.1, 0, "recover-instance")]
    [InlineData(61, 1, "reauthenticate")]
    public void Stuck_is_restarted_first_and_paired_where_it_asks_for_that(double minutes, int qrCodes, string remedy) => Assert.Equal(
        remedy,
        Assert.Single(Judge(Facts.Of(Facts.Listed(InstanceState.Connecting), Facts.Known(InstanceState.Connecting, sinceMinutes: minutes), InstanceState.Connecting, qrCodes: qrCodes))).Remedy);

    [Fact]
    public void What_was_closed_at_a_time_nobody_knows_is_reconnected_first() =>
        Assert.Equal("reconnect", Assert.Single(Judge(Facts.Of(Facts.Listed(InstanceState.Close), null, InstanceState.Close))).Remedy);

    [Theory]
    [InlineData(null, InstanceState.Paired, null)]
    [InlineData(InstanceState.Open, InstanceState.Paired, null)]
    [InlineData(InstanceState.Close, InstanceState.Close, "instance_not_open")]
    [InlineData(InstanceState.Connecting, InstanceState.Connecting, "instance_stuck_connecting")]
    public void Where_only_the_pairing_is_told_the_last_event_counts_unless_it_said_open(InstanceState? heard, InstanceState state, string? kind)
    {
        var facts = Facts.Of(Facts.Listed(InstanceState.Paired), heard is { } last ? Facts.Known(last) : null);
        Assert.Equal((state, null, true), (facts.State, facts.Suspicion, facts.IsLivenessUnknown));
        Assert.Equal(kind, Judge(facts).SingleOrDefault()?.Kind);
        Assert.Equal(kind is not null, InstanceRules.IsFailing(facts));
    }

    [Fact]
    public void What_has_no_device_needs_pairing_and_not_a_reconnection()
    {
        var finding = Assert.Single(Judge(Facts.Of(Facts.Listed(InstanceState.Close, paired: false) with { MustPair = true }, Facts.Known(InstanceState.Close))));
        Assert.Equal(("instance_logged_out", Severity.High, "reauthenticate"), (finding.Kind, finding.Severity, finding.Remedy));
    }

    private static IEnumerable<ObservedFinding> Judge(InstanceFacts facts) => InstanceRules.Judge("revalya", facts, Thresholds, Facts.Now);

    private static string[] Kinds(InstanceFacts facts) => [.. Judge(facts).Select(finding => finding.Kind)];
}
