using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Fleet;

/// <summary>A system that is a TurboZap or a TaktChat has its own fields, and lacks those of Evolution.</summary>
public sealed class KindOfSystemTests
{
    /// <summary>A change to a good file whose system is a TurboZap, and the one problem that must come of it.</summary>
    public static TheoryData<string, string, string> TurboZapMistakes => new()
    {
        { "systems[0].gateways[0].database", "\"Host=db;Password=hunter2\"", "$.systems[0].gateways[0].database: holds a password in clear. Fix: write ${env:TURBOZAP_DATABASE}" },
        { "systems[0].gateways[0].apiKey", "\"\"", "$.systems[0].gateways[0].apiKey: is empty. Fix: write ${env:TURBOZAP_API_KEY}" },
        { "systems[0].redis", "{\"connectionString\":\"${env:R}\"}", "$.systems[0].redis: is not looked at in a system of kind turbozap" },
        { "systems[0].isolationTest", "{\"instances\":[\"a\",\"b\"]}", "$.systems[0].isolationTest: is an attempt on Evolution's routes" },
        { "systems[0].webhook.events", "[\"CONNECTION_UPDATE\",\"QRCODE_UPDATED\",\"STATUS_INSTANCE\"]", "$.systems[0].webhook.events[2]: is no event of TurboZap" },
        { "systems[0].gateways", "[]", "$.systems[0].watch: is missing" },
        { "systems[0].cleanUp", "{\"api_logs\":\"auto\"}", "$.systems[0].cleanUp: is about tables that a TurboZap does not have" },
    };

    [Theory, MemberData(nameof(TurboZapMistakes))]
    public void A_TurboZap_system_has_its_own_limits(string path, string value, string problem) => FleetFile.AssertMistake(FleetFile.TurboZap(), path, value, problem);

    [Fact]
    public void A_TurboZap_system_has_gateways_tenants_and_those_events_of_the_default_list_that_it_sends()
    {
        var file = FleetFile.TurboZap();
        var read = FleetReader.Read(file.ToJsonString());
        Assert.Empty(read.Problems);
        Assert.Equal(["CONNECTION_UPDATE", "QRCODE_UPDATED", "MESSAGES_UPSERT"], read.Document!.Systems[0].SubscribedEvents());
        FleetFile.Set(file, "systems[0].webhook.events", "[\"CONNECTION_UPDATE\",\"QRCODE_UPDATED\",\"MESSAGE_ACK\"]");
        Assert.Empty(FleetReader.Read(file.ToJsonString()).Problems);
        FleetFile.Set(file, "systems[0].kind", "\"evolution\"");
        Assert.Contains(FleetReader.Read(file.ToJsonString()).Problems, found => found.ToString().StartsWith("$.systems[0].tenantDirectory.kind: is turbozap in a system of kind evolution", StringComparison.Ordinal));
        Assert.Contains(FleetReader.Read(file.ToJsonString()).Problems, found => found.ToString().StartsWith("$.systems[0].gateways[0].database: is not looked at in a system of kind evolution", StringComparison.Ordinal));
    }

    /// <summary>A change to a good file whose system is a TaktChat, and the one problem that must come of it.</summary>
    public static TheoryData<string, string, string> TaktChatMistakes => new()
    {
        { "systems[0].gateways[0].apiKey", "\"${env:K}\"", "$.systems[0].gateways[0].apiKey: is no way into a TaktChat" },
        { "systems[0].gateways[0].accounts", "[]", "$.systems[0].gateways[0].accounts: names nobody to log in as" },
        { "systems[0].gateways[0].accounts[0].company", "0", "$.systems[0].gateways[0].accounts[0].company: must be between 1" },
        { "systems[0].gateways[0].accounts[1].company", "1", "$.systems[0].gateways[0].accounts[1].company: is the same as in $.systems[0].gateways[0].accounts[0]" },
        { "systems[0].gateways[0].accounts[0].password", "\"hunter2\"", "$.systems[0].gateways[0].accounts[0].password: is a secret in clear" },
        { "systems[0].gateways[0].accounts[0].email", "\"\"", "$.systems[0].gateways[0].accounts[0].email: is empty. Fix: write ${env:TAKTCHAT_EMAIL}" },
        { "systems[0].gateways[0].database", "\"${env:D}\"", "$.systems[0].gateways[0].database: is not looked at in a system of kind taktchat" },
        { "systems[0].instancePrefix", "\"takt-\"", "$.systems[0].instancePrefix: is in no name of a TaktChat's connections" },
        { "systems[0].webhook", "{\"baseUrl\":\"https://w.example.com\",\"deliverTo\":\"none\"}", "$.systems[0].webhook: is never called" },
        { "systems[0].redis", "{\"connectionString\":\"${env:R}\"}", "$.systems[0].redis: is about Evolution's sessions" },
        { "systems[0].isolationTest", "{\"instances\":[\"a\",\"b\"]}", "$.systems[0].isolationTest: is an attempt on Evolution's routes" },
        { "systems[0].canary", "{}", "$.systems[0].canary: needs messages to oneself" },
        { "systems[0].cleanUp", "{\"api_logs\":\"auto\"}", "$.systems[0].cleanUp: is about tables that a TaktChat does not have" },
        { "systems[0].tenantDirectory.kind", "\"revalya\"", "$.systems[0].tenantDirectory.kind: is revalya in a system of kind taktchat" },
        { "systems[0].tenantDirectory.kind", "\"turbozap\"", "$.systems[0].tenantDirectory.kind: is turbozap in a system of kind taktchat" },
        { "systems[0].gateways", "[]", "$.systems[0].watch: is missing" },
    };

    [Theory, MemberData(nameof(TaktChatMistakes))]
    public void A_TaktChat_system_is_logged_in_to_and_sends_no_webhooks(string path, string value, string problem) => FleetFile.AssertMistake(FleetFile.TaktChat(), path, value, problem);

    [Fact]
    public void A_TaktChat_system_has_gateways_with_accounts_which_no_other_kind_has()
    {
        var file = FleetFile.TaktChat();
        var read = FleetReader.Read(file.ToJsonString());
        Assert.Empty(read.Problems);
        Assert.Equal([1, 7], read.Document!.Systems[0].Gateways[0].Accounts.Select(account => account.Company));

        FleetFile.Set(file, "systems[0].kind", "\"turbozap\"");
        var problems = FleetReader.Read(file.ToJsonString()).Problems.Select(found => found.ToString()).ToArray();
        Assert.Contains(problems, found => found.StartsWith("$.systems[0].gateways[0].accounts: are not logged in with in a system of kind turbozap", StringComparison.Ordinal));
        Assert.Contains(problems, found => found.StartsWith("$.systems[0].gateways[0].apiKey: is empty", StringComparison.Ordinal));
        Assert.Contains(problems, found => found.StartsWith("$.systems[0].tenantDirectory.kind: is taktchat in a system of kind turbozap", StringComparison.Ordinal));
    }
}
