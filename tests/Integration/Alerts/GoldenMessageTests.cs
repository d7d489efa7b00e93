using System.Text.Encodings.Web;
using System.Text.Json;
using WhatsOps.Alerts;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Alerts;

/// <summary>The messages as people get them. To accept a change: run once with WHATSOPS_UPDATE_GOLDEN=1 and read the diff.</summary>
public sealed class GoldenMessageTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 3, 20, 0, TimeSpan.Zero);
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void One_instance_with_a_remedy() => Matches("instance-missing", Line(AlertEvent.Opened, Missing("acme", 12)));

    [Fact]
    public void One_instance_where_a_remedy_was_tried() => Matches(
        "instance-missing-tried", Line(AlertEvent.StillOpen, Missing("acme", 12), "reset-integration by policy at 2030-01-01 02:55 UTC: compensated"));

    [Fact]
    public void A_gateway_with_its_tenants() => Matches("gateway-unreachable", Line(AlertEvent.Opened, new Finding(
        7, "gateway_unreachable", "gateway", "revalya", "g1", null, null, Severity.Critical, FindingState.Open,
        "The gateway does not answer: no answer within 30 s. 3 tenants are behind it.", new Dictionary<string, string> { ["tenants"] = "acme, beta, gama" }, null,
        Now.AddMinutes(-1), Now, null, null, null, null)));

    [Fact]
    public void Recovered() => Matches("recovered", Line(AlertEvent.Recovered, Missing("acme", 12) with { State = FindingState.Closed, ClosedAt = Now }));

    [Fact]
    public void Many_at_once_share_one_message() => Matches("many",
        Line(AlertEvent.Opened, Missing("acme", 12)),
        Line(AlertEvent.Worsened, Missing("beta", 13), "reset-integration by ana at 2030-01-01 02:55 UTC: running"),
        Line(AlertEvent.Recovered, Missing("gama", 9) with { State = FindingState.Closed, ClosedAt = Now }),
        Line(AlertEvent.Opened, Missing("delta", 15) with { Kind = "instance_unstable", Severity = Severity.Medium, Remedy = null, Cause = "5 disconnections within 2 hours." }));

    [Fact]
    public void Three_are_told_one_by_one_and_four_together()
    {
        Assert.Equal(3, AlertWriter.Write("revalya", [.. Enumerable.Range(1, 3).Select(i => Line(AlertEvent.Opened, Missing($"t{i}", i)))], Now).Count);
        Assert.Single(AlertWriter.Write("revalya", [.. Enumerable.Range(1, 4).Select(i => Line(AlertEvent.Opened, Missing($"t{i}", i)))], Now));
    }

    [Fact]
    public void A_hundred_at_once_fit_and_say_where_the_rest_is()
    {
        var message = Assert.Single(AlertWriter.Write("revalya", [.. Enumerable.Range(1, 100).Select(i => Line(AlertEvent.Opened, Missing($"t{i}", i)))], Now));
        Assert.Equal(SlackPayload.MaxFields, message.Fields.Count);
        Assert.Equal(("and 61 more", "whatsops findings --system revalya"), (message.Fields[^1].Title, message.Fields[^1].Value));
    }

    private static AlertLine Line(AlertEvent why, Finding finding, params string[] tried) => new(why, finding, tried);

    private static Finding Missing(string tenant, long id) => new(
        id, "instance_missing", "instances", "revalya", "g1", tenant, $"revalya-{tenant}", Severity.High, FindingState.Open,
        $"Instance revalya-{tenant} does not exist on gateway g1.", new Dictionary<string, string> { ["state"] = "absent" }, "reset-integration",
        Now.AddMinutes(-20), Now, null, null, null, null);

    private static void Matches(string name, params AlertLine[] lines)
    {
        var path = Path.Combine(Repository.Root, "tests", "Integration", "Alerts", "golden", $"{name}.json");
        var actual = JsonSerializer.Serialize(AlertWriter.Write("revalya", lines, Now).Select(message => SlackPayload.Of(Guid.Empty, message)), Readable) + "\n";
        if (Environment.GetEnvironmentVariable("WHATSOPS_UPDATE_GOLDEN") == "1") File.WriteAllText(path, actual);
        Assert.Equal(File.ReadAllText(path), actual, ignoreLineEndingDifferences: true);
    }
}
