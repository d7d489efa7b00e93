using System.Text.Encodings.Web;
using System.Text.Json;
using WhatsOps.Alerts;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Alerts;

/// <summary>The messages as people get them. To accept a change: run once with WHATSOPS_WRITE_GOLDEN=1 and read the diff.</summary>
public sealed class GoldenMessageTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 3, 20, 0, TimeSpan.Zero);
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [MemberData(nameof(Languages))]
    public void One_instance_with_a_remedy(Language language) => Matches("instance-missing", language, Line(AlertEvent.Opened, Missing("acme", 12)));

    [Theory]
    [MemberData(nameof(Languages))]
    public void One_instance_where_a_remedy_was_tried_and_people_were_told(Language language) => Matches(
        "instance-missing-tried", language,
        Line(AlertEvent.StillOpen, Missing("acme", 12), Remedy("policy", "compensated")) with { Told = [new(Now.AddMinutes(-19), "on-call"), new(Now.AddMinutes(-5), "mail (L1)")] });

    [Theory]
    [MemberData(nameof(Languages))]
    public void A_gateway_with_its_tenants_and_what_it_holds_back(Language language) => Matches("gateway-unreachable", language, Line(AlertEvent.Opened, Gateway()) with { HoldsBack = 4 });

    [Theory]
    [MemberData(nameof(Languages))]
    public void Escalated(Language language) => Matches(
        "escalated", language,
        Line(AlertEvent.Escalated, Gateway()) with { Level = "L2", Unattended = TimeSpan.FromMinutes(15), CheckSeverity = Severity.High, Told = [new(Now.AddMinutes(-15), "on-call"), new(Now.AddMinutes(-10), "on-call (L1)")] });

    [Theory]
    [MemberData(nameof(Languages))]
    public void Recovered(Language language) => Matches("recovered", language, Line(AlertEvent.Recovered, Missing("acme", 12) with { State = FindingState.Closed, ClosedAt = Now }));

    [Theory]
    [MemberData(nameof(Languages))]
    public void Many_at_once_share_one_message(Language language) => Matches("many", language,
        Line(AlertEvent.Opened, Gateway(), Remedy("policy", "running") with { Runbook = "wait-for-stability" }),
        Line(AlertEvent.Opened, Missing("acme", 12)),
        Line(AlertEvent.Worsened, Missing("beta", 13), Remedy("ana", "running")),
        Line(AlertEvent.Recovered, Missing("gama", 9) with { State = FindingState.Closed, ClosedAt = Now }),
        Line(AlertEvent.Opened, Missing("delta", 15) with
        {
            Kind = "instance_unstable", Severity = Severity.Medium, Remedy = null, Cause = "5 disconnections within 2 hours.",
            Evidence = new Dictionary<string, string> { ["disconnections"] = "5", ["window_hours"] = "2" },
        }));

    [Theory]
    [MemberData(nameof(Languages))]
    public void For_a_webhook_with_its_link_and_why_it_comes_here(Language language)
    {
        var writer = Writer(language);
        var message = writer.Instead(Assert.Single(writer.Write("revalya", [Line(AlertEvent.Opened, Missing("acme", 12))], Now)), "on-call", "HTTP 500");
        Matches("webhook", language, WebhookPayload.Of(Guid.Empty, message with { AcknowledgeUrl = "https://whatsops.example.com/api/alerts/ack/TOKEN" }));
    }

    [Fact]
    public void Three_are_told_one_by_one_and_four_together()
    {
        Assert.Equal(3, English.Write("revalya", [.. Enumerable.Range(1, 3).Select(i => Line(AlertEvent.Opened, Missing($"t{i}", i)))], Now).Count);
        Assert.Single(English.Write("revalya", [.. Enumerable.Range(1, 4).Select(i => Line(AlertEvent.Opened, Missing($"t{i}", i)))], Now));
    }

    [Fact]
    public void A_long_list_of_tenants_is_cut_where_many_share_a_message()
    {
        var tenants = string.Join(", ", Enumerable.Range(0, 50).Select(i => $"customer-{i}"));
        var gateway = Gateway() with { Evidence = new Dictionary<string, string> { ["tenants"] = tenants } };
        var message = Assert.Single(English.Write("revalya", [.. Enumerable.Range(1, 4).Select(i => Line(AlertEvent.Opened, gateway with { Id = i }))], Now));
        Assert.All(message.Fields, field => Assert.Contains($"Tenants hit: {tenants[..200]}…\nTried: nothing yet\n", field.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void A_hundred_at_once_fit_and_say_where_the_rest_is()
    {
        var message = Assert.Single(English.Write("revalya", [.. Enumerable.Range(1, 100).Select(i => Line(AlertEvent.Opened, Missing($"t{i}", i)))], Now));
        Assert.Equal(SlackPayload.MaxFields, message.Fields.Count);
        Assert.Equal(("and 61 more", "whatsops findings --system revalya"), (message.Fields[^1].Title, message.Fields[^1].Value));
    }

    public static TheoryData<Language> Languages => [Language.English, Language.BrazilianPortuguese];

    private static AlertWriter English => Writer(Language.English);

    private static AlertWriter Writer(Language language) => new(language, [new() { Name = "Evolution host", Role = "gateway", Contact = "support@example.com" }]);

    private static AlertLine Line(AlertEvent why, Finding finding, params AttemptedRemedy[] tried) => new(why, finding) { Tried = tried };

    private static AttemptedRemedy Remedy(string by, string state) => new("reset-integration", by, Now.AddMinutes(-25), state);

    private static Finding Missing(string tenant, long id) => new(
        id, "instance_missing", "instances", "revalya", "g1", tenant, $"revalya-{tenant}", Severity.High, FindingState.Open,
        $"Instance revalya-{tenant} does not exist on gateway g1.", new Dictionary<string, string> { ["state"] = "absent" }, "reset-integration",
        Now.AddMinutes(-20), Now, null, null, null, null);

    private static Finding Gateway() => new(
        7, "gateway_unreachable", "gateway", "revalya", "g1", null, null, Severity.Critical, FindingState.Open,
        "The gateway does not answer: no answer within 30 s. 3 tenants are behind it.",
        new Dictionary<string, string> { ["list"] = "unreachable", ["probe"] = "unreachable", ["tenants"] = "acme, beta, gama", ["tenants_behind"] = "3" }, null,
        Now.AddMinutes(-1), Now, null, null, null, null);

    private static void Matches(string name, Language language, params AlertLine[] lines) =>
        Matches(name, language, Writer(language).Write("revalya", lines, Now).Select(message => SlackPayload.Of(Guid.Empty, message)));

    private static void Matches(string name, Language language, object message)
    {
        var path = Path.Combine(Repository.Root, "tests", "Integration", "Alerts", "golden", $"{name}{(language == Language.English ? "" : ".pt-BR")}.json");
        var actual = JsonSerializer.Serialize(message, Readable) + "\n";
        if (Environment.GetEnvironmentVariable("WHATSOPS_WRITE_GOLDEN") == "1") File.WriteAllText(path, actual);
        Assert.Equal(File.ReadAllText(path), actual, ignoreLineEndingDifferences: true);
    }
}
