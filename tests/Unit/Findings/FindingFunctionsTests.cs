using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Time.Testing;
using Moq;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Findings;

public sealed class FindingFunctionsTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Finding Known = new(
        12, "instance_missing", "instances", "revalya", "g1", "acme", "revalya-acme", Severity.High, FindingState.Open, "It is gone.",
        new Dictionary<string, string>(), "reset-integration", Noon, Noon, null, null, null, null);

    private readonly Mock<IFindings> findings = new();
    private readonly Mock<IOperators> operators = new();
    private readonly Mock<IAuditTrail> audit = new();
    private readonly FindingFunctions functions;

    public FindingFunctionsTests()
    {
        operators.Setup(o => o.RequireAsync(It.IsAny<HttpRequest>(), It.IsAny<OperatorRole>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((HttpRequest _, OperatorRole role, CancellationToken _) => new Operator { Name = "ana", Role = role, KeyHash = "sha256:00" });
        functions = new FindingFunctions(findings.Object, operators.Object, audit.Object, new FakeTimeProvider(Noon));
    }

    [Fact]
    public async Task Lists_what_was_asked_for()
    {
        FindingQuery? asked = null;
        findings.Setup(f => f.ListAsync(It.IsAny<FindingQuery>(), It.IsAny<CancellationToken>()))
            .Callback((FindingQuery query, CancellationToken _) => asked = query).ReturnsAsync([Known]);

        await functions.List(Request("?system=revalya&tenant=acme&kind=instance_missing&minSeverity=high&includeClosed=true&before=50&limit=7"), default);

        Assert.Equal(new FindingQuery("revalya", "acme", "instance_missing", Severity.High, true, 50, 7), asked);
        operators.Verify(o => o.RequireAsync(It.IsAny<HttpRequest>(), OperatorRole.Viewer, It.IsAny<CancellationToken>()));
    }

    [Theory]
    [InlineData("?minSeverity=terrible", "minSeverity")]
    [InlineData("?minSeverity=3", "minSeverity")]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=1001", "limit")]
    [InlineData("?before=abc", "before")]
    public async Task A_bad_parameter_is_400_and_named(string query, string field)
    {
        var problem = await Assert.ThrowsAsync<ProblemException>(() => functions.List(Request(query), default));
        Assert.Equal((400, field), (problem.Status, problem.Field));
    }

    [Fact]
    public async Task One_finding_comes_with_its_history()
    {
        findings.Setup(f => f.FindAsync(12, It.IsAny<CancellationToken>())).ReturnsAsync(Known);
        findings.Setup(f => f.HistoryAsync(12, It.IsAny<CancellationToken>())).ReturnsAsync([new FindingChange(Noon, "opened", null, Severity.High, null, null)]);

        var answer = Assert.IsType<JsonObject>(Assert.IsType<OkObjectResult>(await functions.Get(Request(), 12, default)).Value);

        Assert.Equal("instance_missing", (string?)answer["kind"]);
        Assert.Equal("high", (string?)answer["severity"]);
        Assert.Equal("opened", (string?)answer["history"]![0]!["change"]);
    }

    [Fact]
    public async Task An_acknowledgement_is_audited_in_the_operators_name()
    {
        findings.Setup(f => f.AcknowledgeAsync(12, "ana", It.IsAny<CancellationToken>())).ReturnsAsync(Known with { State = FindingState.Acknowledged });

        await functions.Acknowledge(Request(), 12, default);

        operators.Verify(o => o.RequireAsync(It.IsAny<HttpRequest>(), OperatorRole.Operator, It.IsAny<CancellationToken>()));
        audit.Verify(a => a.RecordAsync("ana", "finding.acknowledge", "revalya", "acme", "finding 12 instance_missing", It.IsAny<CancellationToken>()));
    }

    [Theory]
    [InlineData("""{"minutes":90}""", 90)]
    [InlineData("""{"until":"2030-01-01T12:01:00Z","reason":"known"}""", 1)]
    [InlineData("""{"until":"2030-01-31T12:00:00Z"}""", 43200)]
    public async Task A_silence_has_an_end(string body, int minutes)
    {
        findings.Setup(f => f.SilenceAsync(12, "ana", Noon.AddMinutes(minutes), It.IsAny<string?>(), It.IsAny<CancellationToken>())).ReturnsAsync(Known);
        Assert.IsType<OkObjectResult>(await functions.Silence(Request(body: body), 12, default));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"minutes":0}""")]
    [InlineData("""{"minutes":1e300}""")]
    [InlineData("""{"until":"2030-01-01T12:00:00Z"}""")]
    [InlineData("""{"until":"2030-01-31T12:00:01Z"}""")]
    [InlineData("""{"until":"tomorrow"}""")]
    [InlineData("not json")]
    [InlineData("")]
    public async Task A_silence_without_a_sound_end_is_400(string body)
    {
        var problem = await Assert.ThrowsAsync<ProblemException>(() => functions.Silence(Request(body: body), 12, default));
        Assert.Equal(400, problem.Status);
        findings.Verify(f => f.SilenceAsync(It.IsAny<long>(), It.IsAny<string>(), It.IsAny<DateTimeOffset>(), It.IsAny<string?>(), It.IsAny<CancellationToken>()), Times.Never);
    }

    [Fact]
    public async Task Accepting_and_closing_need_a_reason()
    {
        Assert.Equal("$.reason", (await Assert.ThrowsAsync<ProblemException>(() => functions.Accept(Request(body: """{"reason":" "}"""), 12, default))).Field);
        Assert.Equal("$.reason", (await Assert.ThrowsAsync<ProblemException>(() => functions.Close(Request(body: "{}"), 12, default))).Field);
    }

    [Fact]
    public async Task Deciding_about_a_closed_finding_is_409_and_about_none_404()
    {
        Assert.Equal(404, (await Assert.ThrowsAsync<ProblemException>(() => functions.Acknowledge(Request(), 12, default))).Status);
        findings.Setup(f => f.FindAsync(12, It.IsAny<CancellationToken>())).ReturnsAsync(Known with { State = FindingState.Closed });
        Assert.Equal(409, (await Assert.ThrowsAsync<ProblemException>(() => functions.Acknowledge(Request(), 12, default))).Status);
    }

    private static HttpRequest Request(string query = "", string body = "")
    {
        var request = new DefaultHttpContext().Request;
        request.QueryString = new QueryString(query);
        request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        return request;
    }
}
