using System.Text.Json.Nodes;
using CsCheck;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Fleet;

public sealed class FleetReaderTests
{
    private const string Hash = "sha256:00000000000000000000000000000000000000000000000000000000000000ff";

    /// <summary>A change to a good file, and the one problem that must come of it.</summary>
    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "systems", "[]", "$.systems: names no system" },
        { "systems[0].name", "\"Revalya\"", "$.systems[0].name: is not a usable name" },
        { "systems[0].name", "7", "$.systems[0].name: must be a text" },
        { "systems[0].name", "null", "$.systems[0].name: must not be null" },
        { "systems[0].name", "-", "$.systems[0].name: is missing" },
        { "systems[0].kind", "\"baileys\"", "$.systems[0].kind: is not a kind of system" },
        { "systems[0].gatways", "[]", "$.systems[0].gatways: is not known. Fix: did you mean gateways?" },
        { "systems[0].zzzzzzzzz", "1", "$.systems[0].zzzzzzzzz: is not known. Fix: remove it; known here: name, kind" },
        { "systems[0].timeZone", "\"Brasilia\"", "$.systems[0].timeZone: is no IANA time zone" },
        { "systems[0].instancePrefix", "\"a/b\"", "$.systems[0].instancePrefix: has letters" },
        { "systems[0].gateways", "[]", "$.systems[0].gateways: names no gateway" },
        { "systems[0].gateways", "{}", "$.systems[0].gateways: must be an array" },
        { "systems[0].gateways[1].url", "\"evolution.example.com\"", "$.systems[0].gateways[1].url: must be an absolute http(s) URL. Fix: write one like https://evolution.example.com" },
        { "systems[0].gateways[1].url", "\"ftp://x\"", "$.systems[0].gateways[1].url: must be an absolute http(s) URL" },
        { "systems[0].gateways[1].url", "\"https://user:hunter2@x\"", "$.systems[0].gateways[1].url: must have no user, query or fragment" },
        { "systems[0].gateways[1].url", "\"https://x?apikey=hunter2\"", "$.systems[0].gateways[1].url: must have no user, query or fragment" },
        { "systems[0].gateways[1].url", "\"http://one.example.com/\"", "$.systems[0].gateways[1].url: is the same as in $.systems[0].gateways[0]" },
        { "systems[0].gateways[1].name", "\"one\"", "$.systems[0].gateways[1].name: is the same as in $.systems[0].gateways[0]" },
        { "systems[0].gateways[1].apiKey", "\"hunter2\"", "$.systems[0].gateways[1].apiKey: is a secret in clear" },
        { "systems[0].gateways[1].apiKey", "\"${env:A}hunter2\"", "$.systems[0].gateways[1].apiKey: is a secret in clear" },
        { "systems[0].gateways[1].apiKey", "\"${vault:hunter2}\"", "$.systems[0].gateways[1].apiKey: holds a malformed reference" },
        { "systems[0].gateways[1].apiKey", "\"${env:}\"", "$.systems[0].gateways[1].apiKey: holds a malformed reference" },
        { "systems[0].tenantDirectory.kind", "\"supabase\"", "$.systems[0].tenantDirectory.kind: is not a tenant directory" },
        { "systems[0].tenantDirectory.connectionString", "\"Host=db;Password=hunter2\"", "$.systems[0].tenantDirectory.connectionString: holds a password in clear" },
        { "systems[0].tenantDirectory.connectionString", "\"hunter2\"", "$.systems[0].tenantDirectory.connectionString: is neither a reference nor a connection string" },
        { "systems[0].tenantDirectory.schema", "\"a; drop\"", "$.systems[0].tenantDirectory.schema: is no name of a schema" },
        { "systems[0].webhook.baseUrl", "\"/relative\"", "$.systems[0].webhook.baseUrl: must be an absolute http(s) URL" },
        { "systems[0].webhook.deliverTo", "\"nowhere\"", "$.systems[0].webhook.deliverTo: must be an absolute http(s) URL. Fix: write one like https://evolution.example.com, or write none" },
        { "systems[0].webhook.deliverTo", "\"https://app.example.com/hook?key=hunter2\"", "$.systems[0].webhook.deliverTo: must have no user, query or fragment" },
        { "systems[0].webhook.deliverTo", "\"https://w.example.com/api/whatsapp/webhook/{tenant}\"", "$.systems[0].webhook.deliverTo: is WhatsOps' own receiver" },
        { "systems[0].webhook.deliverySecret", "-", "$.systems[0].webhook.deliverySecret: is empty. Fix: write ${env:DELIVERY_SECRET}" },
        { "systems[0].webhook.deliverySecret", "\"whsec_hunter2\"", "$.systems[0].webhook.deliverySecret: is a secret in clear" },
        { "systems[0].webhook.deliverHeaders", "{\"x-key\":\"hunter2\"}", "$.systems[0].webhook.deliverHeaders.x-key: is a value in clear" },
        { "systems[0].webhook.deliverHeaders", "{\"webhook-id\":\"${env:A}\"}", "$.systems[0].webhook.deliverHeaders.webhook-id: is no header that may be added" },
        { "systems[0].webhook.deliverHeaders", "{\"x key\":\"${env:A}\"}", "$.systems[0].webhook.deliverHeaders.x key: is no header that may be added" },
        { "systems[0].thresholds.deliveryLagMinutes", "0", "$.systems[0].thresholds.deliveryLagMinutes: must be between 1 and 1440" },
        { "systems[0].webhook.events", "[\"CONNECTION_UPDATE\",\"QRCODE_UPDATED\",\"MESSAGE_UPSERT\"]", "$.systems[0].webhook.events[2]: is no event of Evolution. Fix: did you mean MESSAGES_UPSERT?" },
        { "systems[0].webhook.events", "[\"QRCODE_UPDATED\"]", "$.systems[0].webhook.events: lacks CONNECTION_UPDATE" },
        { "systems[0].thresholds.gatewayAnswerSeconds", "61", "$.systems[0].thresholds.gatewayAnswerSeconds: must be between 1 and 60" },
        { "systems[0].thresholds.qrBudget", "31", "$.systems[0].thresholds.qrBudget: must be between 1 and 30" },
        { "systems[0].thresholds.sweepDeadlineSeconds", "300", "$.systems[0].thresholds.sweepDeadlineSeconds: must be between 10 and 280" },
        { "systems[0].thresholds.connectingMinutes", "0", "$.systems[0].thresholds.connectingMinutes: must be between 1 and 1440" },
        { "systems[0].thresholds.connectingMinutes", "\"10\"", "$.systems[0].thresholds.connectingMinutes: must be a whole number" },
        { "systems[0].thresholds.connectingMinutes", "1.5", "$.systems[0].thresholds.connectingMinutes: must be a whole number" },
        { "systems[0].policies.instance_mising", "\"auto\"", "$.systems[0].policies.instance_mising: is no kind of finding. Fix: did you mean instance_missing?" },
        { "systems[0].policies.instance_missing", "\"always\"", "$.systems[0].policies.instance_missing: must be one of observe, approve, auto" },
        { "systems[0].canary", "{\"text\":\" \"}", "$.systems[0].canary.text: is empty or longer than 500 characters" },
        { "systems[0].canary", "{\"waitSeconds\":9}", "$.systems[0].canary.waitSeconds: must be between 10 and 3600" },
        { "systems[0].canary", "{\"perHour\":0}", "$.systems[0].canary.perHour: must be between 1 and 1000" },
        { "systems[0].canary", "{\"perInstanceHours\":169}", "$.systems[0].canary.perInstanceHours: must be between 1 and 168" },
        { "systems[0].isolationTest", "{\"instances\":[\"a\"]}", "$.systems[0].isolationTest.instances: does not name two instances" },
        { "systems[0].isolationTest", "{\"instances\":[\"a\",\"a\"]}", "$.systems[0].isolationTest.instances: does not name two instances" },
        { "systems[0].redis", "{\"connectionString\":\"redis:6379,password=hunter2\"}", "$.systems[0].redis.connectionString: is a secret in clear" },
        { "systems[0].redis", "{\"connectionString\":\"${env:REDIS}\",\"prefix\":\"evo*\"}", "$.systems[0].redis.prefix: is no prefix of keys" },
        { "systems[0].cleanUp.api_log", "\"auto\"", "$.systems[0].cleanUp.api_log: is no table that clean-up knows. Fix: did you mean api_logs?" },
        { "systems[0].cleanUp.api_logs", "\"yes\"", "$.systems[0].cleanUp.api_logs: must be one of observe, approve, auto" },
        { "systems[0].thresholds.slaPercent", "100.1", "$.systems[0].thresholds.slaPercent: must be between 0 and 100" },
        { "systems[0].thresholds.slaPercent", "\"99\"", "$.systems[0].thresholds.slaPercent: must be a number" },
        { "systems[0].actionsPerHour", "-1", "$.systems[0].actionsPerHour: must be between 0 and 1000" },
        { "systems[0].maintenanceWindows[0].from", "\"25:00\"", "$.systems[0].maintenanceWindows[0].from: must be a time as HH:mm" },
        { "systems[0].maintenanceWindows[0].to", "\"03:00\"", "$.systems[0].maintenanceWindows[0].to: equals from" },
        { "systems[0].maintenanceWindows[0].days", "[\"Sonntag\"]", "$.systems[0].maintenanceWindows[0].days[0]: must be one of Sunday" },
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
        { "operators[1].keyHash", "\"" + Hash + "\"", "$.operators[1].keyHash: is the same as in $.operators[0]" },
    };

    [Fact]
    public void A_good_file_is_read_with_its_defaults()
    {
        var reading = FleetReader.Read(Good().ToJsonString());

        Assert.Empty(reading.Problems);
        var system = Assert.Single(reading.Document!.Systems);
        Assert.Equal(("revalya", "America/Sao_Paulo", 6, 10), (system.Name, system.TimeZone, system.ActionsPerHour, system.Thresholds.ConnectingMinutes));
        Assert.Equal(Policy.Approve, system.Policies["instance_missing"]);
        Assert.Equal((new TimeOnly(3, 0), new TimeOnly(4, 30), DayOfWeek.Sunday), (system.MaintenanceWindows[0].From, system.MaintenanceWindows[0].To, system.MaintenanceWindows[0].Days[0]));
        Assert.Equal(Severity.High, reading.Document.Alerts.Routes[0].MinSeverity);
        Assert.Equal((587, SmtpSecurity.StartTls), (reading.Document.Alerts.Routes[1].Smtp!.Port, reading.Document.Alerts.Routes[1].Smtp!.Security));
        Assert.Equal((null, Language.BrazilianPortuguese), (reading.Document.Alerts.Routes[0].Language, reading.Document.Alerts.Routes[2].Language));
        Assert.Equal(OperatorRole.Approver, reading.Document.Operators[0].Role);
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Every_mistake_is_told_once_at_its_path_with_a_fix_and_no_secret(string path, string value, string expected)
    {
        var file = Good();
        Set(file, path, value);

        var problem = Assert.Single(FleetReader.Read(file.ToJsonString()).Problems);

        Assert.StartsWith(expected, problem.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(problem.Fix);
        Assert.DoesNotContain("hunter2", problem.ToString().Replace(path, "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void One_reading_tells_all_problems_of_shape_and_of_meaning()
    {
        var file = Good();
        foreach (var (path, value) in new[] { ("systems[0].gatways", "1"), ("systems[0].timeZone", "\"x\""), ("systems[0].gateways[0].apiKey", "-"), ("alerts.routes[0].kind", "3"), ("operators[1].keyHash", "\"k\"") })
            Set(file, path, value);

        Assert.Equal(
            ["$.alerts.routes[0].kind", "$.operators[1].keyHash", "$.systems[0].gateways[0].apiKey", "$.systems[0].gatways", "$.systems[0].timeZone"],
            FleetReader.Read(file.ToJsonString()).Problems.Select(problem => problem.Path).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("", "$: is not JSON")]
    [InlineData("[]", "$: must be a JSON object")]
    [InlineData("{\n  \"systems\": [\n}", "$: is not JSON at line 3")]
    [InlineData("{\"systems\":[],\"systems\":[]}", "$: has a name twice in one object")]
    public void Text_that_is_no_file_is_told_with_its_place(string text, string expected) =>
        Assert.StartsWith(expected, Assert.Single(FleetReader.Read(text).Problems).ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_circle_of_fallbacks_is_told_at_each_route_of_it_and_not_at_the_way_into_it()
    {
        var file = Good();
        Set(file, "alerts.routes[1].fallback", "\"hook\"");
        Set(file, "alerts.routes[2].fallback", "\"mail\"");

        Assert.Equal(["$.alerts.routes[1].fallback", "$.alerts.routes[2].fallback"], FleetReader.Read(file.ToJsonString()).Problems.Select(problem => problem.Path));
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void An_escalation_has_at_most_three_levels(int levels, bool accepted)
    {
        var file = Good();
        Set(file, "alerts.escalation.levels", $"[{string.Join(',', Enumerable.Range(1, levels).Select(i => $$"""{"name":"L{{i}}","routes":["chat"]}"""))}]");

        Assert.Equal(accepted, FleetReader.Read(file.ToJsonString()).Problems.Count == 0);
    }

    [Theory]
    [InlineData(Severity.Critical, new[] { 5, 15, 30 })]
    [InlineData(Severity.High, new[] { 30, 60, 120 })]
    public void The_levels_come_at_their_default_minutes_unless_told_otherwise(Severity severity, int[] minutes)
    {
        EscalationLevel[] levels = [.. Enumerable.Range(1, 3).Select(i => new EscalationLevel { Name = $"L{i}", Routes = ["chat"] })];
        Assert.Equal(minutes, Enumerable.Range(0, 3).Select(index => (int)EscalationTimes.Of(levels, index, severity).TotalMinutes));
        levels[1] = levels[1] with { AfterMinutes = new() { Critical = 7, High = 40 } };
        Assert.Equal(severity == Severity.Critical ? 7 : 40, (int)EscalationTimes.Of(levels, 1, severity).TotalMinutes);
    }

    [Fact]
    public void Comments_and_trailing_commas_are_allowed_and_not_stored()
    {
        var reading = FleetReader.Read("// ours\n" + Good().ToJsonString().TrimEnd('}') + ", /* end */ }");

        Assert.Empty(reading.Problems);
        Assert.DoesNotContain("ours", reading.Json, StringComparison.Ordinal);
    }

    [Fact]
    public void No_damage_makes_the_reader_throw_or_pass_a_file_without_approver() => Gen.Select(Gen.Int[0, 2_000], Gen.Char.AlphaNumeric, Gen.Int[0, 3]).Sample((at, letter, kind) =>
    {
        var text = Good().ToJsonString();
        var index = at % text.Length;
        var damaged = kind switch { 0 => text[..index], 1 => text.Remove(index, 1), 2 => text.Insert(index, letter.ToString()), _ => text[..index] + "null" + text[index..] };
        var reading = FleetReader.Read(damaged);
        Assert.Equal(reading.Document is null, reading.Problems.Count > 0);
        Assert.True(reading.Document is null || reading.Document.Operators.Any(person => person.Role == OperatorRole.Approver));
    }, iter: 500);

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
    public void A_TurboZap_system_has_its_own_limits(string path, string value, string problem)
    {
        var file = TurboZap();
        Set(file, path, value);
        Assert.StartsWith(problem, Assert.Single(FleetReader.Read(file.ToJsonString()).Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_TurboZap_system_has_gateways_tenants_and_those_events_of_the_default_list_that_it_sends()
    {
        var file = TurboZap();
        var read = FleetReader.Read(file.ToJsonString());
        Assert.Empty(read.Problems);
        Assert.Equal(["CONNECTION_UPDATE", "QRCODE_UPDATED", "MESSAGES_UPSERT"], read.Document!.Systems[0].SubscribedEvents());
        Set(file, "systems[0].webhook.events", "[\"CONNECTION_UPDATE\",\"QRCODE_UPDATED\",\"MESSAGE_ACK\"]");
        Assert.Empty(FleetReader.Read(file.ToJsonString()).Problems);
        Set(file, "systems[0].kind", "\"evolution\"");
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
    public void A_TaktChat_system_is_logged_in_to_and_sends_no_webhooks(string path, string value, string problem)
    {
        var file = TaktChat();
        Set(file, path, value);
        Assert.StartsWith(problem, Assert.Single(FleetReader.Read(file.ToJsonString()).Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_TaktChat_system_has_gateways_with_accounts_which_no_other_kind_has()
    {
        var file = TaktChat();
        var read = FleetReader.Read(file.ToJsonString());
        Assert.Empty(read.Problems);
        Assert.Equal([1, 7], read.Document!.Systems[0].Gateways[0].Accounts.Select(account => account.Company));

        Set(file, "systems[0].kind", "\"turbozap\"");
        var problems = FleetReader.Read(file.ToJsonString()).Problems.Select(found => found.ToString()).ToArray();
        Assert.Contains(problems, found => found.StartsWith("$.systems[0].gateways[0].accounts: are not logged in with in a system of kind turbozap", StringComparison.Ordinal));
        Assert.Contains(problems, found => found.StartsWith("$.systems[0].gateways[0].apiKey: is empty", StringComparison.Ordinal));
        Assert.Contains(problems, found => found.StartsWith("$.systems[0].tenantDirectory.kind: is taktchat in a system of kind turbozap", StringComparison.Ordinal));
    }

    [Fact]
    public void What_changed_is_told_by_name_and_without_values()
    {
        var before = FleetReader.Read(Good().ToJsonString()).Json!;
        var file = Good();
        Set(file, "systems[0].gateways[0].url", "\"http://moved.example.com\"");
        Set(file, "systems[0].actionsPerHour", "2");
        Set(file, "systems[0].gateways[1].name", "\"three\"");

        var summary = FleetDiff.Summary(before, file.ToJsonString());

        Assert.Contains("changed $.systems[revalya].gateways[one].url", summary, StringComparison.Ordinal);
        Assert.Contains("added $.systems[revalya].actionsPerHour", summary, StringComparison.Ordinal);
        Assert.Contains("removed $.systems[revalya].gateways[two].apiKey", summary, StringComparison.Ordinal);
        Assert.DoesNotContain("moved.example.com", summary, StringComparison.Ordinal);
        Assert.Equal("", FleetDiff.Summary(before, before));
    }

    private static JsonObject TurboZap()
    {
        var file = Good();
        Set(file, "systems[0].kind", "\"turbozap\"");
        Set(file, "systems[0].tenantDirectory.kind", "\"turbozap\"");
        Set(file, "systems[0].gateways[0].database", "\"${env:TURBOZAP_DATABASE}\"");
        return file;
    }

    private static JsonObject TaktChat()
    {
        var file = Good();
        Set(file, "systems[0].kind", "\"taktchat\"");
        Set(file, "systems[0].tenantDirectory.kind", "\"taktchat\"");
        Set(file, "systems[0].webhook", "{}");
        Set(file, "systems[0].cleanUp", "{}");
        Set(file, "systems[0].gateways", """[{"name":"main","url":"https://api.example.com","accounts":[{"company":1,"email":"${env:A}","password":"${env:B}"},{"company":7,"email":"${env:C}","password":"${env:D}"}]}]""");
        return file;
    }

    private static JsonObject Good() => JsonNode.Parse($$"""
        {
          "systems": [{
            "name": "revalya", "kind": "evolution",
            "gateways": [
              { "name": "one", "url": "http://one.example.com", "apiKey": "${env:KEY_ONE}" },
              { "name": "two", "url": "http://two.example.com/base", "apiKey": "${env:KEY_TWO}" }
            ],
            "tenantDirectory": { "kind": "revalya", "connectionString": "Host=db;Password=${env:PASSWORD}" },
            "webhook": { "baseUrl": "https://w.example.com", "deliverTo": "https://app.example.com/{tenant}", "deliverySecret": "${env:DELIVERY}", "deliverHeaders": { "Authorization": "Bearer ${env:TOKEN}" } },
            "thresholds": {},
            "policies": { "*": "observe", "instance_missing": "approve" },
            "cleanUp": {},
            "maintenanceWindows": [{ "days": ["Sunday"], "from": "03:00", "to": "04:30" }]
          }],
          "alerts": {
            "routes": [
              { "name": "chat", "kind": "slack", "url": "${env:SLACK}", "minSeverity": "high", "fallback": "mail" },
              { "name": "mail", "kind": "email", "to": ["a@example.com"], "from": "w@example.com", "smtp": { "host": "smtp.example.com", "user": "${env:SMTP_USER}", "password": "${env:SMTP_PASSWORD}" } },
              { "name": "hook", "kind": "webhook", "url": "https://h.example.com/in", "secret": "${env:HOOK}", "language": "pt-BR" }
            ],
            "severities": [{ "kind": "run_stuck", "severity": "critical" }],
            "escalation": { "levels": [{ "name": "L1", "routes": ["chat"] }, { "name": "L2", "routes": ["mail", "hook"] }] },
            "contacts": [{ "name": "Host", "role": "servers", "contact": "host@example.com" }],
            "publicUrl": "https://w.example.com"
          },
          "operators": [
            { "name": "ana", "role": "approver", "keyHash": "{{Hash}}" },
            { "name": "rui", "role": "approver", "keyHash": "sha256:00000000000000000000000000000000000000000000000000000000000000fe" }
          ]
        }
        """)!.AsObject();

    // "-" removes.
    private static void Set(JsonObject root, string path, string value)
    {
        var parts = path.Replace("]", "", StringComparison.Ordinal).Split('.', '[');
        JsonNode node = root;
        foreach (var part in parts[..^1]) node = node is JsonArray array ? array[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]! : node[part]!;
        if (value == "-") node.AsObject().Remove(parts[^1]);
        else node[parts[^1]] = JsonNode.Parse(value);
    }
}
