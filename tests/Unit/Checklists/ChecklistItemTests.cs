using System.Globalization;
using WhatsOps.Checklists;
using WhatsOps.Fleet;
using WhatsOps.Tests.Capabilities;

namespace WhatsOps.Tests.Unit.Checklists;

public sealed class ChecklistItemTests
{
    [Fact]
    public void The_lists_are_the_manuals()
    {
        Assert.Equal([.. Enumerable.Range(115, 19).Select(number => $"R-{number}"), "R-380", "R-386", "R-387", "R-390"], ChecklistItem.All.Where(item => item.Kind is null).Select(item => item.Row));
        Assert.Equal(["R-017", "R-020", "R-021", "R-023", "R-024", "R-025", "R-026", "R-031", "R-035", "R-039"], ChecklistItem.All.Where(item => item.Kind == "taktchat").Select(item => item.Row));
        Assert.Equal(["R-171", "R-172", "R-179", "R-241"], ChecklistItem.All.Where(item => item.Kind == "agent").Select(item => item.Row));
        Assert.Equal(["R-360", "R-363", "R-365", "R-375"], ChecklistItem.All.Where(item => item.Kind == "bot").Select(item => item.Row));
        Assert.All(ChecklistItem.All, item => Assert.True(item.Kind is null || SystemKinds.All.Contains(item.Kind), item.Row));
        Assert.Equal(ChecklistItem.All.Count, ChecklistItem.All.Select(item => item.Row).Distinct().Count());
        Assert.Equal(
            [("daily", 4), ("weekly", 5), ("monthly", 9), ("quarterly", 5)],
            ChecklistItem.All.Where(item => item.Kind is null).GroupBy(item => item.Checklist).Select(list => (list.Key, list.Count())));
        Assert.All(ChecklistItem.All, item =>
        {
            Assert.NotEmpty(item.Title);
            Assert.NotEmpty(item.TitlePt);
            Assert.Contains(item.By, (string[])["machine", "human"]);
            Assert.InRange(item.Level, 1, 3);
            Assert.True(item.By == "human" || item.Sources.Count > 0, $"{item.Row} is a machine's without any evidence.");
        });
    }

    [Theory]
    [InlineData("2026-01-01", "2026-01-01", "2026-W01", "2026-01", "2026-Q1")]
    [InlineData("2027-01-01", "2027-01-01", "2026-W53", "2027-01", "2027-Q1")]
    [InlineData("2026-03-31", "2026-03-31", "2026-W14", "2026-03", "2026-Q1")]
    [InlineData("2026-04-01", "2026-04-01", "2026-W14", "2026-04", "2026-Q2")]
    [InlineData("2026-12-31", "2026-12-31", "2026-W53", "2026-12", "2026-Q4")]
    public void Periods_are_named_by_the_calendar(string date, string day, string week, string month, string quarter)
    {
        var local = DateTime.Parse(date, CultureInfo.InvariantCulture);
        Assert.Equal((day, week, month, quarter), (Checklist.Daily.PeriodOf(local), Checklist.Weekly.PeriodOf(local), Checklist.Monthly.PeriodOf(local), Checklist.Quarterly.PeriodOf(local)));
    }

    [Fact]
    [Capability("R-124", HumanTask = true)]
    public void What_asks_for_a_routine_that_is_not_there_is_a_persons()
    {
        var item = ChecklistItem.All.Single(one => one.Row == "R-120");
        var system = new FleetSystem { Name = "chat", Kind = "taktchat", Watch = new() };
        Assert.True(EvidenceCollector.CanJudge(item, system));
        Assert.False(EvidenceCollector.CanJudge(item with { Sources = ["routine:none"] }, system));
        Assert.False(EvidenceCollector.CanJudge(item with { By = "human" }, system));
        Assert.False(EvidenceCollector.CanJudge(ChecklistItem.All.Single(one => one.Row == "R-124"), system));
    }

    [Fact]
    [Capability("R-035", HumanTask = true)]
    public void Release_notes_are_a_persons_where_no_release_is_watched_for_them()
    {
        var item = ChecklistItem.All.Single(one => one.Row == "R-035");
        var release = new ReleaseTarget { Name = "chat", Repository = "acme/chat" };
        var system = new FleetSystem { Name = "chat", Kind = "taktchat" };
        Assert.False(EvidenceCollector.CanJudge(item, system));
        Assert.False(EvidenceCollector.CanJudge(item, system with { Watch = new() { Releases = [release] } }));
        Assert.True(EvidenceCollector.CanJudge(item, system with { Watch = new() { Releases = [release, release with { Name = "other", Changelog = "notes.md" }] } }));
    }
}
