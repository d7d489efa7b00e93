using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Tests.Integration.Findings;

namespace WhatsOps.Tests.Integration.Alerts;

/// <summary>Nobody answers: L1, L2, L3, each at its minute, until somebody has it.</summary>
public sealed class EscalationFlowTests : IAsyncLifetime
{
    private AlertRig rig = null!;

    public async ValueTask InitializeAsync()
    {
        rig = await AlertRig.StartAsync();
        rig.Apply(new AlertSettings
        {
            CooldownMinutes = 600,
            Routes = [AlertRig.Night, AlertRig.Night with { Name = "lead", EscalationOnly = true }, AlertRig.Night with { Name = "board", EscalationOnly = true }],
            Escalation = new() { Levels = [new() { Name = "L1", Routes = ["night"] }, new() { Name = "L2", Routes = ["lead"] }, new() { Name = "L3", Routes = ["board", "lead"] }] },
            Contacts = [new() { Name = "Evolution host", Role = "servers", Contact = "+55 11 5555-0100" }],
        });
    }

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Fact, Capability("R-134"), Capability("R-138"), Capability("R-185"), Capability("R-416"), Capability("R-417")]
    public async Task A_critical_finding_climbs_at_5_15_and_30_minutes_and_its_end_is_told_to_all_of_them()
    {
        await CriticalAsync();
        Assert.Equal(["instance_missing, tenant acme"], rig.Titles);
        await AfterAsync(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1), 1);
        await AfterAsync(TimeSpan.FromMilliseconds(1), 2);
        await AfterAsync(TimeSpan.FromMinutes(10), 3);
        await AfterAsync(TimeSpan.FromMinutes(15), 5);
        Assert.Equal(["instance_missing, tenant acme", .. new[] { "L1", "L2", "L3", "L3" }.Select(level => $"escalated to {level}: instance_missing, tenant acme")], rig.Titles);
        await AfterAsync(TimeSpan.FromHours(5), 5);

        await rig.PassAsync();
        await rig.PassAsync();
        await rig.TellAsync();
        Assert.Equal(3, rig.Titles.Count(title => title == "recovered: instance_missing, tenant acme"));
        Assert.Equal(0, await rig.CountAsync("SELECT count(*) FROM whatsops.alert_escalations"));
    }

    [Theory, Capability("R-186")]
    [InlineData(29, 1)]
    [InlineData(30, 2)]
    public async Task A_high_one_has_half_an_hour(int minutes, int messages)
    {
        await rig.PassAsync(Sample.Finding());
        await rig.OnceAsync();
        await AfterAsync(TimeSpan.FromMinutes(minutes), messages);
    }

    [Fact]
    public async Task Whoever_acknowledges_ends_it()
    {
        var id = await CriticalAsync();
        await AfterAsync(TimeSpan.FromMinutes(5), 2);
        await rig.Findings.AcknowledgeAsync(id, "ana", CancellationToken.None);
        await rig.TellAsync();
        await AfterAsync(TimeSpan.FromHours(3), 2);
    }

    [Fact]
    public async Task Worse_than_what_was_acknowledged_begins_anew()
    {
        await rig.PassAsync(Sample.Finding());
        await rig.TellAsync();
        var id = Assert.Single(await rig.Findings.ListAsync(new FindingQuery(), CancellationToken.None)).Id;
        await rig.Findings.AcknowledgeAsync(id, "ana", CancellationToken.None);
        await AfterAsync(TimeSpan.FromHours(1), 1);
        await CriticalAsync();
        Assert.Equal("worse: instance_missing, tenant acme", rig.Titles.Last());
        await AfterAsync(TimeSpan.FromMinutes(5), 3);
    }

    [Fact]
    public async Task Two_processes_escalate_once()
    {
        await CriticalAsync();
        await using var second = rig.Process();
        rig.Time.Advance(TimeSpan.FromMinutes(5));
        await Task.WhenAll(rig.TellAsync(), rig.TellAsync(second));
        await rig.TellAsync();
        Assert.Equal(2, rig.Slack.Bodies.Count);
    }

    [Fact]
    public async Task A_process_that_was_away_tells_every_level_it_missed()
    {
        await CriticalAsync();
        await AfterAsync(TimeSpan.FromMinutes(31), 4);
        Assert.Equal(["L1", "L3", "L3"], rig.Titles.Skip(1).Select(title => title.Split(' ')[2].TrimEnd(':')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_clock_begins_after_a_maintenance_window()
    {
        rig.Window = new() { From = new(12, 0), To = new(13, 0) };
        await rig.PassAsync(Sample.Finding(severity: Severity.Critical));
        await rig.OnceAsync();
        await AfterAsync(TimeSpan.FromMinutes(59), 0);
        await AfterAsync(TimeSpan.FromMinutes(1), 1);
        await AfterAsync(TimeSpan.FromMinutes(4), 1);
        await AfterAsync(TimeSpan.FromMinutes(1), 2);
    }

    [Fact, Capability("R-135"), Capability("R-136"), Capability("R-137"), Capability("R-140")]
    public async Task The_message_is_the_emergency_procedure_as_it_stands()
    {
        await CriticalAsync();
        await AfterAsync(TimeSpan.FromMinutes(5), 2);
        var fields = rig.LastFields;
        Assert.Equal("critical", fields["Severity"]);
        Assert.EndsWith("Nobody has acknowledged it for 5 minutes.", fields["Cause"], StringComparison.Ordinal);
        Assert.Equal("instances, 2030-01-01 12:00 UTC\nstate: absent", fields["Checked"]);
        Assert.Equal("nothing yet", fields["Tried"]);
        Assert.Equal("2030-01-01 12:00 UTC: night", fields["Told"]);
        Assert.Equal("servers: Evolution host, +55 11 5555-0100", fields["Call"]);
        Assert.StartsWith("whatsops findings show ", fields["Next"], StringComparison.Ordinal);
    }

    private async Task<long> CriticalAsync()
    {
        await rig.PassAsync(Sample.Finding(severity: Severity.Critical));
        await rig.OnceAsync();
        return Assert.Single(await rig.Findings.ListAsync(new FindingQuery(), CancellationToken.None)).Id;
    }

    private async Task AfterAsync(TimeSpan time, int messages)
    {
        rig.Time.Advance(time);
        await rig.OnceAsync();
        Assert.Equal(messages, rig.Slack.Bodies.Count);
    }
}
