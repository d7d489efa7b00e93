using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Findings;

public sealed class FindingStoreTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeTimeProvider time = new(new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));
    private TestDatabase database = null!;
    private FindingStore store = null!;

    public async ValueTask InitializeAsync()
    {
        database = await Databases.OperationsAsync();
        store = new FindingStore(database.DataSource, time);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task The_same_place_twice_is_one_finding()
    {
        var first = await PassAsync([Sample.Finding(), Sample.Finding(tenant: "beta")]);
        var second = await PassAsync([Sample.Finding(), Sample.Finding(tenant: "beta")]);

        Assert.Equal(2, first.Opened.Count);
        Assert.Empty(second.Opened);
        Assert.Equal(2, (await store.ListAsync(new FindingQuery(), None)).Count);
    }

    [Fact]
    public async Task It_closes_only_after_n_good_passes_in_a_row()
    {
        await PassAsync([Sample.Finding()]);
        Assert.Empty((await PassAsync([])).Closed);
        await PassAsync([Sample.Finding()]);
        Assert.Empty((await PassAsync([])).Closed);
        var closed = Assert.Single((await PassAsync([])).Closed);

        Assert.Equal(FindingState.Closed, closed.State);
        Assert.Equal("gone in 2 complete passes of check instances", closed.Reason);
    }

    [Fact]
    public async Task An_incomplete_pass_opens_but_never_closes()
    {
        await PassAsync([Sample.Finding()], complete: false);
        for (var i = 0; i < 5; i++) Assert.Empty((await PassAsync([], complete: false)).Closed);
        Assert.Single(await store.ListAsync(new FindingQuery(), None));
    }

    [Fact]
    public async Task What_is_open_of_an_unseen_subject_and_below_it_stays_and_the_rest_closes()
    {
        string?[] subjects = ["release/chat", "release/chat/check/unit tests", "release/chat/checks", "release/chat/scan/a.yml", "release/chat/scan/a.yml/age", null];
        await PassAsync([.. subjects.Select(subject => Sample.Finding() with { Subject = subject })]);
        await UnseenAsync(["release/chat/check", "release/chat/scan/a.yml"], 3);
        Assert.Equal(["release/chat/check/unit tests", "release/chat/scan/a.yml", "release/chat/scan/a.yml/age"], await OpenAsync());
        await UnseenAsync(["release/chat"], 3);
        Assert.Equal(3, (await OpenAsync()).Length);
        await UnseenAsync([], 2);
        Assert.Empty(await OpenAsync());

        async Task UnseenAsync(string[] unseen, int passes)
        {
            for (var pass = 0; pass < passes; pass++) await store.RecordAsync(Run() with { Unseen = unseen }, [], None);
        }

        async Task<string?[]> OpenAsync() => [.. (await store.ListAsync(new FindingQuery(), None)).Select(finding => finding.Subject).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task A_pass_over_another_gateway_check_or_system_closes_nothing()
    {
        await PassAsync([Sample.Finding()]);
        foreach (var run in new[] { Run() with { Gateway = "g2" }, Run() with { Check = "gateway" }, Run() with { System = "other" } })
            for (var i = 0; i < 3; i++)
                Assert.Empty((await store.RecordAsync(run with { ObservedAt = Tick() }, [], None)).Closed);
    }

    [Fact]
    public async Task A_pass_over_the_whole_system_closes_on_every_gateway()
    {
        await PassAsync([Sample.Finding()]);
        await store.RecordAsync(Run() with { Gateway = null }, [], None);
        Assert.Single((await store.RecordAsync(Run() with { Gateway = null }, [], None)).Closed);
    }

    [Fact]
    public async Task An_older_pass_neither_closes_nor_reopens_nor_rewrites()
    {
        var older = Tick();
        await PassAsync([Sample.Finding(severity: Severity.Critical)]);
        await store.RecordAsync(Run() with { ObservedAt = older, GoodObservationsToClose = 1 }, [], None);
        await store.RecordAsync(Run() with { ObservedAt = older }, [Sample.Finding(severity: Severity.Low)], None);
        Assert.Equal(Severity.Critical, Assert.Single(await store.ListAsync(new FindingQuery(), None)).Severity);

        await store.RecordAsync(Run() with { GoodObservationsToClose = 1 }, [], None);
        Assert.Empty((await store.RecordAsync(Run() with { ObservedAt = older }, [Sample.Finding()], None)).Opened);
    }

    [Fact]
    public async Task Coming_back_is_a_new_finding_linked_to_the_last()
    {
        var first = Assert.Single((await PassAsync([Sample.Finding()])).Opened);
        await PassAsync([]);
        await PassAsync([]);
        var again = Assert.Single((await PassAsync([Sample.Finding()])).Opened);

        Assert.NotEqual(first.Id, again.Id);
        Assert.Equal(first.Id, again.PreviousId);
    }

    [Theory]
    [InlineData(7 * 24 * 60, Severity.High, true)]
    [InlineData(7 * 24 * 60 + 1, Severity.High, false)]
    [InlineData(60, Severity.Critical, false)]
    public async Task What_was_accepted_stays_so_when_it_comes_back_within_seven_days_and_no_worse(int minutes, Severity severity, bool accepted)
    {
        var first = Assert.Single((await PassAsync([Sample.Finding()])).Opened);
        await store.AcceptAsync(first.Id, "ana", "closed shop", None);
        await PassAsync([]);
        await PassAsync([]);
        time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
        var again = Assert.Single((await PassAsync([Sample.Finding(severity: severity)])).Opened);

        Assert.Equal(first.Id, again.PreviousId);
        Assert.Equal(accepted ? FindingState.Accepted : FindingState.Open, again.State);
        Assert.Equal(accepted ? ("ana", "closed shop") : (null, null), (again.ChangedBy, again.Reason));
        Assert.Equal(accepted ? ["opened", "accepted"] : ["opened"], (await store.HistoryAsync(again.Id, None)).Select(change => change.Change));
    }

    [Fact]
    public async Task An_acceptance_flaps_on_until_a_person_decides_otherwise()
    {
        var id = Assert.Single((await PassAsync([Sample.Finding()])).Opened).Id;
        await store.AcceptAsync(id, "ana", "closed shop", None);
        for (var i = 0; i < 3; i++) id = (await ComeBackAsync(FindingState.Accepted)).Id;
        Assert.Equal($"closed shop (carried over from finding {id - 1})", (await store.HistoryAsync(id, None))[^1].Reason);

        await store.CloseAsync(id, "ana", "the shop is open again", None);
        id = (await ComeBackAsync(FindingState.Open)).Id;
        await store.AcceptAsync(id, "ana", "closed for good", None);
        await store.AcknowledgeAsync(id, "rui", None);
        await ComeBackAsync(FindingState.Open);
    }

    [Fact]
    public async Task A_worse_severity_is_told_and_a_better_one_is_only_written_down()
    {
        await PassAsync([Sample.Finding(severity: Severity.Medium)]);
        var worse = await PassAsync([Sample.Finding(severity: Severity.High)]);
        var better = await PassAsync([Sample.Finding(severity: Severity.Low)]);

        var finding = Assert.Single(worse.Worsened);
        Assert.Empty(better.Worsened);
        Assert.Equal(["opened", "worsened", "improved"], (await store.HistoryAsync(finding.Id, None)).Select(change => change.Change));
    }

    [Fact]
    public async Task A_silence_ends_by_itself_and_the_history_says_who_did_what()
    {
        var finding = Assert.Single((await PassAsync([Sample.Finding()])).Opened);
        await store.AcknowledgeAsync(finding.Id, "ana", None);
        var silenced = await store.SilenceAsync(finding.Id, "rui", time.GetUtcNow().AddMinutes(30), "supplier is on it", None);
        Assert.Equal(FindingState.Silenced, silenced!.State);

        time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(FindingState.Open, (await store.FindAsync(finding.Id, None))!.State);
        await PassAsync([Sample.Finding()]);

        var history = await store.HistoryAsync(finding.Id, None);
        Assert.Equal(["opened", "acknowledged", "silenced", "silence_expired"], history.Select(change => change.Change));
        Assert.Equal([null, "ana", "rui", null], history.Select(change => change.By));
        Assert.Equal("supplier is on it", history[2].Reason);
    }

    [Fact]
    public async Task Nobody_decides_about_a_closed_finding()
    {
        var finding = Assert.Single((await PassAsync([Sample.Finding()])).Opened);
        Assert.Equal(FindingState.Closed, (await store.CloseAsync(finding.Id, "ana", "fixed by hand", None))!.State);

        Assert.Null(await store.AcknowledgeAsync(finding.Id, "ana", None));
        Assert.Null(await store.CloseAsync(finding.Id, "ana", "again", None));
        Assert.Null(await store.AcceptAsync(finding.Id + 99, "ana", "none such", None));
    }

    [Fact]
    public async Task An_event_raises_once_and_a_person_closes()
    {
        var raised = await store.RaiseAsync(Sample.Finding("webhook_proof_failures", "receiver"), Tick(), None);
        var again = await store.RaiseAsync(Sample.Finding("webhook_proof_failures", "receiver"), Tick(), None);
        Assert.Equal(raised.Id, again.Id);
        Assert.Equal(FindingState.Closed, (await store.CloseAsync(raised.Id, "ana", "secret repaired", None))!.State);
        var later = await store.RaiseAsync(Sample.Finding("webhook_proof_failures", "receiver"), Tick(), None);
        Assert.Equal(raised.Id, later.PreviousId);
    }

    [Fact]
    public async Task Queries_filter_by_exact_place_and_page_by_id()
    {
        await PassAsync([Sample.Finding(tenant: "acme"), Sample.Finding(tenant: "acme2", severity: Severity.Low), Sample.Finding("instance_unstable", tenant: "acme")]);

        Assert.Equal(2, (await store.ListAsync(new FindingQuery(Tenant: "acme"), None)).Count);
        Assert.Equal(2, (await store.ListAsync(new FindingQuery(MinSeverity: Severity.Medium), None)).Count);
        var page = await store.ListAsync(new FindingQuery(Limit: 2), None);
        var rest = await store.ListAsync(new FindingQuery(BeforeId: page[^1].Id), None);
        Assert.Equal(3, page.Concat(rest).Select(finding => finding.Id).Distinct().Count());
    }

    [Fact]
    public async Task Names_cannot_pose_as_another_place()
    {
        await PassAsync([Sample.Finding(tenant: "a"), Sample.Finding(tenant: "a/revalya-a"), Sample.Finding(tenant: "-"), Sample.Finding(tenant: null)]);
        Assert.Equal(4, (await store.ListAsync(new FindingQuery(), None)).Count);
    }

    [Fact]
    public async Task A_finding_outside_the_pass_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => PassAsync([Sample.Finding(gateway: "g2")]));
        await Assert.ThrowsAsync<ArgumentException>(() => PassAsync([Sample.Finding(check: "gateway")]));
    }

    [Fact]
    public async Task Concurrent_passes_and_events_over_one_place_leave_one_finding()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => i % 2 == 0
            ? PassAsync([Sample.Finding(), Sample.Finding(tenant: "beta")])
            : (Task)store.RaiseAsync(Sample.Finding(), Tick(), None)));
        Assert.Equal(2, (await store.ListAsync(new FindingQuery(IncludeClosed: true), None)).Count);
    }

    [Fact]
    public async Task Ten_thousand_instances_in_one_pass_take_seconds_not_minutes()
    {
        var all = Enumerable.Range(0, 10_000).Select(i => Sample.Finding(tenant: $"t{i}")).ToArray();
        var clock = Stopwatch.StartNew();
        Assert.Equal(10_000, (await PassAsync(all)).Opened.Count);
        Assert.Empty((await PassAsync(all)).Opened);
        await PassAsync([]);
        Assert.Equal(10_000, (await PassAsync([])).Closed.Count);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(90), $"four passes took {clock.Elapsed}");
    }

    private async Task<Finding> ComeBackAsync(FindingState expected)
    {
        await PassAsync([]);
        await PassAsync([]);
        var again = Assert.Single((await PassAsync([Sample.Finding()])).Opened);
        Assert.Equal(expected, again.State);
        return again;
    }

    private Task<FindingChanges> PassAsync(IReadOnlyList<ObservedFinding> seen, bool complete = true) =>
        store.RecordAsync(Run() with { Complete = complete }, seen, None);

    private CheckRun Run() => new("instances", "revalya", "g1", true, Tick(), 2);

    private DateTimeOffset Tick()
    {
        time.Advance(TimeSpan.FromSeconds(1));
        return time.GetUtcNow();
    }
}
