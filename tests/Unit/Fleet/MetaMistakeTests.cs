using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Fleet;

/// <summary>An app of Meta's belongs to products whose customers come over Meta, and its secrets stand in the file as references.</summary>
public sealed class MetaMistakeTests
{
    private const string Good = """{"appSecret":"${env:A}","previousAppSecret":"${env:B}","verifyToken":"${env:C}"}""";

    [Theory]
    [InlineData("""{"appSecret":"hunter2","verifyToken":"${env:C}"}""", "$.systems[0].meta.appSecret: is a secret in clear; secrets stand here as references only. Fix: write ${env:META_APP_SECRET}")]
    [InlineData("""{"appSecret":"${env:A}","previousAppSecret":"hunter2","verifyToken":"${env:C}"}""", "$.systems[0].meta.previousAppSecret: is a secret in clear")]
    [InlineData("""{"appSecret":"${env:A}","verifyToken":"hunter2"}""", "$.systems[0].meta.verifyToken: is a secret in clear")]
    [InlineData("""{"appSecret":"${env:A}","verifyToken":""}""", "$.systems[0].meta.verifyToken: is empty. Fix: write ${env:META_VERIFY_TOKEN}")]
    public void Its_secrets_are_references(string meta, string problem) => FleetFile.AssertMistake(FleetFile.TaktChat(), "systems[0].meta", meta, problem);

    [Fact]
    public void Both_its_secret_and_its_token_are_needed()
    {
        var file = FleetFile.TaktChat();
        FleetFile.Set(file, "systems[0].meta", "{}");
        Assert.Equal(["$.systems[0].meta.appSecret", "$.systems[0].meta.verifyToken"], FleetReader.Read(file.ToJsonString()).Problems.Select(problem => problem.ToString().Split(':')[0]).Distinct());
    }

    [Fact]
    public void Only_products_whose_customers_come_over_Meta_have_one()
    {
        FleetFile.AssertMistake(FleetFile.Good(), "systems[0].meta", Good, "$.systems[0].meta: stands in a system of kind evolution, whose customers do not come over Meta's Cloud API. Fix: leave it out");
        FleetFile.AssertMistake(FleetFile.TurboZap(), "systems[0].meta", Good, "$.systems[0].meta: stands in a system of kind turbozap");
        foreach (var kind in new[] { "taktchat", "agent", "bot" })
        {
            var file = FleetFile.TaktChat();
            FleetFile.Set(file, "systems[0].kind", $"\"{kind}\"");
            FleetFile.Set(file, "systems[0].meta", Good);
            Assert.DoesNotContain(FleetReader.Read(file.ToJsonString()).Problems, problem => problem.ToString().Contains(".meta", StringComparison.Ordinal));
        }
    }
}
