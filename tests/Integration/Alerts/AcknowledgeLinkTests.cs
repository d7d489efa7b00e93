using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Moq;
using WhatsOps.Alerts;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Tests.Integration.Findings;

namespace WhatsOps.Tests.Integration.Alerts;

/// <summary>The link in a message: it shows, it acknowledges once, it ages, and its token is kept nowhere.</summary>
public sealed class AcknowledgeLinkTests : IAsyncLifetime
{
    private readonly Mock<IAuditTrail> audit = new();
    private AlertRig rig = null!;

    public async ValueTask InitializeAsync()
    {
        rig = await AlertRig.StartAsync();
        Apply(Language.English);
    }

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Fact]
    public async Task Opening_it_changes_nothing_and_pressing_the_button_acknowledges_once()
    {
        var (id, token) = await LinkAsync();
        for (var i = 0; i < 3; i++)
        {
            var page = await ShowAsync(token);
            Assert.Equal(200, page.Status);
            Assert.Contains("<form method=\"post\">", page.Html, StringComparison.Ordinal);
            Assert.Contains("Instance revalya-acme does not exist on gateway g1.", page.Html, StringComparison.Ordinal);
            Assert.Equal("no-store", page.Headers.CacheControl);
            Assert.Equal("no-referrer", page.Headers["Referrer-Policy"]);
        }

        Assert.Equal(FindingState.Open, (await FindingAsync(id)).State);
        Assert.Contains("Acknowledged. It is yours now.", (await PressAsync(token)).Html, StringComparison.Ordinal);
        var taken = await FindingAsync(id);
        Assert.Equal((FindingState.Acknowledged, "link:night"), (taken.State, taken.ChangedBy));
        audit.Verify(trail => trail.RecordAsync("link:night", "finding.acknowledge", "revalya", "acme", It.IsAny<string>(), It.IsAny<CancellationToken>()), Times.Once);
        Assert.Equal(410, (await PressAsync(token)).Status);
        Assert.Equal(410, (await ShowAsync(token)).Status);
    }

    [Theory]
    [InlineData(7199, 200)]
    [InlineData(7200, 404)]
    public async Task It_is_good_for_two_hours(int seconds, int status)
    {
        var (_, token) = await LinkAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(status, (await ShowAsync(token)).Status);
        Assert.Equal(status, (await PressAsync(token)).Status);
    }

    [Theory]
    [InlineData("accepted")]
    [InlineData("silenced")]
    [InlineData("closed")]
    [InlineData("acknowledged")]
    public async Task It_takes_back_nothing_that_a_person_has_decided(string state)
    {
        var (id, token) = await LinkAsync();
        await (state switch
        {
            "accepted" => rig.Findings.AcceptAsync(id, "ana", "known", CancellationToken.None),
            "silenced" => rig.Findings.SilenceAsync(id, "ana", rig.Time.GetUtcNow().AddHours(5), null, CancellationToken.None),
            "closed" => rig.Findings.CloseAsync(id, "ana", "done", CancellationToken.None),
            _ => rig.Findings.AcknowledgeAsync(id, "ana", CancellationToken.None),
        });
        var page = await PressAsync(token);
        Assert.Contains($"It is {state} already, by ana", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<form", (await ShowAsync(token)).Html, StringComparison.Ordinal);
        Assert.Equal((state, "ana"), ((await FindingAsync(id)).State.ToString().ToLowerInvariant(), (await FindingAsync(id)).ChangedBy));
    }

    [Fact]
    public async Task What_has_become_worse_since_may_be_taken_again()
    {
        var (id, _) = await LinkAsync();
        await rig.Findings.AcknowledgeAsync(id, "ana", CancellationToken.None);
        await rig.PassAsync(Sample.Finding(severity: Severity.Critical));
        await rig.TellAsync();
        await PressAsync(Token());
        Assert.Equal("link:night", (await FindingAsync(id)).ChangedBy);
    }

    [Fact]
    public async Task Of_many_presses_at_once_one_counts()
    {
        var (_, token) = await LinkAsync();
        var pages = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PressAsync(token)));
        Assert.Single(pages, page => page.Html.Contains("It is yours now.", StringComparison.Ordinal));
        audit.Verify(trail => trail.RecordAsync(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<string>(), It.IsAny<string>(), It.IsAny<string>(), It.IsAny<CancellationToken>()), Times.Once);
    }

    [Fact]
    public async Task A_made_up_token_opens_nothing()
    {
        await LinkAsync();
        Assert.Equal(404, (await ShowAsync("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).Status);
        Assert.Equal(404, (await PressAsync("")).Status);
    }

    [Fact]
    public async Task The_token_is_in_no_table_and_no_log_and_each_attempt_has_its_own()
    {
        rig.Slack.Answers.Enqueue(500);
        var (_, token) = await LinkAsync(wait: TimeSpan.FromSeconds(5));
        foreach (var table in new[] { "alert_outbox", "alert_links", "finding_changes", "alert_routes" })
            Assert.Equal(0, await rig.CountAsync($"SELECT count(*) FROM whatsops.{table} t WHERE t::text LIKE '%{token}%'"));
        Assert.Equal(2, await rig.CountAsync("SELECT count(*) FROM whatsops.alert_links"));
        Assert.DoesNotContain(rig.Logged, line => line.Contains(token, StringComparison.Ordinal) || line.Contains("/ack/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task There_is_none_for_many_findings_nor_for_an_end_nor_without_a_public_address()
    {
        await rig.PassAsync([.. Enumerable.Range(0, 4).Select(i => Sample.Finding(tenant: $"t{i}"))]);
        await rig.TellAsync();
        await rig.PassAsync();
        await rig.PassAsync();
        await rig.TellAsync();
        rig.Apply(new AlertSettings { Routes = [AlertRig.Night] });
        await rig.PassAsync(Sample.Finding());
        await rig.TellAsync();
        Assert.Equal(3, rig.Slack.Bodies.Count);
        Assert.All(rig.Slack.Bodies, body => Assert.DoesNotContain("/ack/", body.GetRawText(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_page_speaks_the_language_of_the_route_and_takes_no_name_for_markup()
    {
        Apply(Language.BrazilianPortuguese);
        await rig.PassAsync(Sample.Finding("a_kind_of_tomorrow", tenant: "<script>", cause: "<script>alert(1)</script>"));
        await rig.TellAsync();
        var page = await ShowAsync(Token());
        Assert.Contains(">Assumir</button>", page.Html, StringComparison.Ordinal);
        Assert.Contains("lang=\"pt-BR\"", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Html, StringComparison.Ordinal);
    }

    private void Apply(Language language) => rig.Apply(new AlertSettings
    {
        PublicUrl = "https://whatsops.example.com/", Language = language, Routes = [AlertRig.Night, new() { Name = "log", Kind = "log" }],
    });

    private async Task<(long Id, string Token)> LinkAsync(TimeSpan wait = default)
    {
        await rig.PassAsync(Sample.Finding());
        await rig.OnceAsync();
        rig.Time.Advance(wait);
        await rig.OnceAsync();
        return (Assert.Single(await rig.Findings.ListAsync(new FindingQuery(), CancellationToken.None)).Id, Token());
    }

    private string Token()
    {
        var field = rig.Slack.Bodies.Last().GetProperty("attachments")[0].GetProperty("fields").EnumerateArray().Last().GetProperty("value").GetString()!;
        Assert.StartsWith("https://whatsops.example.com/api/alerts/ack/", field, StringComparison.Ordinal);
        return field[(field.LastIndexOf('/') + 1)..];
    }

    private async Task<Finding> FindingAsync(long id) => (await rig.Findings.FindAsync(id, CancellationToken.None))!;

    private Task<(int Status, string Html, IHeaderDictionary Headers)> ShowAsync(string token) => AskAsync((functions, request) => functions.Show(request, token, CancellationToken.None));

    private Task<(int Status, string Html, IHeaderDictionary Headers)> PressAsync(string token) => AskAsync((functions, request) => functions.Acknowledge(request, token, CancellationToken.None));

    private async Task<(int Status, string Html, IHeaderDictionary Headers)> AskAsync(Func<AcknowledgeFunctions, HttpRequest, Task<IActionResult>> ask)
    {
        var context = new DefaultHttpContext();
        var answer = Assert.IsType<ContentResult>(await ask(new(rig.Services, rig.Fleet.Object, rig.Findings, audit.Object), context.Request));
        return (answer.StatusCode!.Value, answer.Content!, context.Response.Headers);
    }
}
