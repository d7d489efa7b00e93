using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Fleet;

/// <summary>What may be wrong with the alerts and the operators of a fleet file.</summary>
public sealed class AlertMistakeTests
{
    /// <summary>A change to a good file, and the one problem that must come of it.</summary>
    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "alerts.cooldownMinutes", "0", "$.alerts.cooldownMinutes: must be between" },
        { "alerts.heartbeatUrl", "\"hc\"", "$.alerts.heartbeatUrl: must be an absolute http(s) URL" },
        { "alerts.routes[0].kind", "\"pager\"", "$.alerts.routes[0].kind: is no kind of route" },
        { "alerts.routes[0].url", "\"https://hooks.slack.com/services/hunter2\"", "$.alerts.routes[0].url: is a secret in clear" },
        { "alerts.routes[0].url", "-", "$.alerts.routes[0].url: is empty" },
        { "alerts.routes[0].minSeverity", "\"urgent\"", "$.alerts.routes[0].minSeverity: must be one of info, low, medium, high, critical" },
        { "alerts.routes[0].fallback", "\"mails\"", "$.alerts.routes[0].fallback: is no route of this file. Fix: did you mean mail?" },
        { "alerts.routes[0].fallback", "\"chat\"", "$.alerts.routes[0].fallback: leads back to this route" },
        { "alerts.routes[0].secret", "\"${env:S}\"", "$.alerts.routes[0].secret: means nothing for a slack route" },
        { "alerts.routes[0].match", "{\"systems\":[\"revalia\"]}", "$.alerts.routes[0].match.systems[0]: is no system of this file. Fix: did you mean revalya?" },
        { "alerts.routes[0].match", "{\"kinds\":[\"instance_mising\"]}", "$.alerts.routes[0].match.kinds[0]: is no kind of finding. Fix: did you mean instance_missing?" },
        { "alerts.routes[0].match", "{\"severities\":[\"bad\"]}", "$.alerts.routes[0].match.severities[0]: must be one of info, low" },
        { "alerts.routes[0].language", "\"pt\"", "$.alerts.routes[0].language: must be one of en, pt-BR" },
        { "alerts.language", "\"de\"", "$.alerts.language: must be one of en, pt-BR" },
        { "alerts.routes[1].to", "[]", "$.alerts.routes[1].to: names nobody" },
        { "alerts.routes[1].to", "[\"on-call\"]", "$.alerts.routes[1].to[0]: is no e-mail address" },
        { "alerts.routes[1].to", "[\"a@b.c\\r\\nRCPT TO:<x@y.z>\"]", "$.alerts.routes[1].to[0]: is no e-mail address" },
        { "alerts.routes[1].from", "-", "$.alerts.routes[1].from: is missing" },
        { "alerts.routes[1].smtp", "-", "$.alerts.routes[1].smtp: is missing" },
        { "alerts.routes[1].smtp.host", "\"smtp://x\"", "$.alerts.routes[1].smtp.host: is no name of a server" },
        { "alerts.routes[1].smtp.port", "0", "$.alerts.routes[1].smtp.port: must be between 1 and 65535" },
        { "alerts.routes[1].smtp.security", "\"ssl\"", "$.alerts.routes[1].smtp.security: must be one of starttls, tls, none" },
        { "alerts.routes[1].smtp.security", "\"none\"", "$.alerts.routes[1].smtp.security: would send the password in clear" },
        { "alerts.routes[1].smtp.user", "-", "$.alerts.routes[1].smtp: has a user without a password" },
        { "alerts.routes[1].smtp.password", "\"hunter2\"", "$.alerts.routes[1].smtp.password: is a secret in clear" },
        { "alerts.routes[2].url", "-", "$.alerts.routes[2].url: is missing" },
        { "alerts.routes[2].url", "\"https://x/?token=hunter2\"", "$.alerts.routes[2].url: must have no user, query or fragment" },
        { "alerts.routes[2].secret", "\"whsec_hunter2\"", "$.alerts.routes[2].secret: is a secret in clear" },
        { "alerts.severities[0].kind", "\"instance_mising\"", "$.alerts.severities[0].kind: is no kind of finding. Fix: did you mean" },
        { "alerts.severities[0].system", "\"other\"", "$.alerts.severities[0].system: is no system of this file" },
        { "alerts.severities[0].severity", "-", "$.alerts.severities[0].severity: is missing" },
        { "alerts.severities", "[{\"kind\":\"run_stuck\",\"severity\":\"low\"},{\"kind\":\"run_stuck\",\"severity\":\"high\"}]", "$.alerts.severities[1].kind: is the same as in $.alerts.severities[0]" },
        { "alerts.escalation.levels[0].routes", "[\"chats\"]", "$.alerts.escalation.levels[0].routes[0]: is no route of this file. Fix: did you mean chat?" },
        { "alerts.escalation.levels[0].routes", "[]", "$.alerts.escalation.levels[0].routes: names no route" },
        { "alerts.escalation.levels[0].afterMinutes", "{\"critical\":0}", "$.alerts.escalation.levels[0].afterMinutes.critical: must be between 1 and 10080" },
        { "alerts.escalation.levels[1].afterMinutes", "{\"critical\":5}", "$.alerts.escalation.levels[1].afterMinutes.critical: is not later than the level before" },
        { "alerts.escalation.levels[1].afterMinutes", "{\"high\":30}", "$.alerts.escalation.levels[1].afterMinutes.high: is not later than the level before" },
        { "alerts.escalation.levels[1].name", "\"L1\"", "$.alerts.escalation.levels[1].name: is the same as in" },
        { "alerts.contacts[0].contact", "\" \"", "$.alerts.contacts[0]: is no contact" },
        { "alerts.publicUrl", "\"whatsops\"", "$.alerts.publicUrl: must be an absolute http(s) URL" },
        { "operators", "[]", "$.operators: names no approver" },
        { "operators[0].role", "\"admin\"", "$.operators[0].role: must be one of viewer, operator, approver" },
        { "operators[0].keyHash", "\"hunter2\"", "$.operators[0].keyHash: is no key hash" },
        { "operators[0].name", "\"policy\"", "$.operators[0].name: is no person's name" },
        { "operators[0].name", "\"Policy \"", "$.operators[0].name: is no person's name" },
        { "operators[1].name", "\" ANA\"", "$.operators[1].name: is the same as in $.operators[0]" },
        { "operators[1].keyHash", "\"" + FleetFile.Hash + "\"", "$.operators[1].keyHash: is the same as in $.operators[0]" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Every_mistake_is_told_once_at_its_path_with_a_fix_and_no_secret(string path, string value, string expected) => FleetFile.AssertMistake(FleetFile.Good(), path, value, expected);

    [Fact]
    public void A_circle_of_fallbacks_is_told_at_each_route_of_it_and_not_at_the_way_into_it()
    {
        var file = FleetFile.Good();
        FleetFile.Set(file, "alerts.routes[1].fallback", "\"hook\"");
        FleetFile.Set(file, "alerts.routes[2].fallback", "\"mail\"");

        Assert.Equal(["$.alerts.routes[1].fallback", "$.alerts.routes[2].fallback"], FleetReader.Read(file.ToJsonString()).Problems.Select(problem => problem.Path));
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void An_escalation_has_at_most_three_levels(int levels, bool accepted)
    {
        var file = FleetFile.Good();
        FleetFile.Set(file, "alerts.escalation.levels", $"[{string.Join(',', Enumerable.Range(1, levels).Select(i => $$"""{"name":"L{{i}}","routes":["chat"]}"""))}]");

        Assert.Equal(accepted, FleetReader.Read(file.ToJsonString()).Problems.Count == 0);
    }
}
