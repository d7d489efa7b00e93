using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using WhatsOps.Fleet;
using WhatsOps.Tests.Unit.Architecture;

namespace WhatsOps.Tests.Unit.Fleet;

/// <summary>The sample and the schema are what a newcomer starts from: neither may lag behind the records.</summary>
public sealed class FleetSampleTests
{
    private static readonly JsonNode Schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Sources.Root, "fleet.schema.json")))!;

    public static TheoryData<Type, string> Records => new()
    {
        { typeof(FleetDocument), "" }, { typeof(FleetSystem), "system" }, { typeof(GatewayEndpoint), "gateway" }, { typeof(GatewayAccount), "account" }, { typeof(TenantDirectoryOptions), "tenantDirectory" },
        { typeof(WebhookOptions), "webhook" }, { typeof(MetaApp), "metaApp" }, { typeof(SystemThresholds), "thresholds" }, { typeof(MaintenanceWindow), "maintenanceWindow" },
        { typeof(AlertSettings), "alerts" }, { typeof(AlertRoute), "route" }, { typeof(SmtpOptions), "smtp" }, { typeof(AlertMatch), "match" },
        { typeof(SeverityOverride), "severityOverride" }, { typeof(Escalation), "escalation" }, { typeof(EscalationLevel), "escalationLevel" },
        { typeof(EscalationMinutes), "escalationMinutes" }, { typeof(SupportContact), "contact" }, { typeof(Operator), "operator" },
        { typeof(WatchOptions), "watch" }, { typeof(HttpTarget), "httpTarget" }, { typeof(PostgresTarget), "postgresTarget" }, { typeof(RedisTarget), "redisTarget" },
        { typeof(RabbitMqTarget), "rabbitMqTarget" }, { typeof(ContainerTarget), "containerTarget" }, { typeof(LogFileTarget), "logFileTarget" }, { typeof(LogFolderTarget), "logFolderTarget" }, { typeof(EngineTarget), "engineTarget" }, { typeof(FileTarget), "fileTarget" },
        { typeof(SiteTarget), "siteTarget" }, { typeof(HostTarget), "hostTarget" },
        { typeof(GuardTarget), "guardTarget" }, { typeof(MetaWebhook), "metaWebhook" }, { typeof(BurstOptions), "burst" },
        { typeof(PrometheusTarget), "prometheusTarget" }, { typeof(PrometheusQuery), "prometheusQuery" }, { typeof(AlertmanagerTarget), "alertmanagerTarget" },
        { typeof(RenewalTarget), "renewalTarget" }, { typeof(ReleaseTarget), "releaseTarget" }, { typeof(ReleaseScan), "releaseScan" }, { typeof(WatchRule), "watchRule" },
    };

    [Fact]
    public void The_sample_is_valid()
    {
        Assert.Empty(FleetReader.Read(File.ReadAllText(Path.Combine(Sources.Root, "fleet.sample.json"))).Problems);
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void The_schema_names_every_member_and_no_other(Type record, string definition)
    {
        var place = definition.Length == 0 ? Schema : Schema["$defs"]![definition]!;
        var members = FleetJson.Options.GetTypeInfo(record).Properties;

        Assert.Equal(members.Select(member => member.Name).Order(), place["properties"]!.AsObject().Select(member => member.Key).Where(name => name != "$schema").Order());
        Assert.Equal(members.Where(member => member.IsRequired).Select(member => member.Name).Order(), (place["required"]?.AsArray() ?? []).Select(name => name!.ToString()).Order());
        Assert.False((bool)place["additionalProperties"]!);
    }

    [Fact]
    public void The_schema_knows_the_kinds_of_findings_the_events_and_the_defaults()
    {
        var defs = Schema["$defs"]!;
        Assert.Equal([.. KnownFindingKinds.All, "*"], Names(defs["system"]!["properties"]!["policies"]!["propertyNames"]!["enum"]!));
        Assert.Equal(KnownRoutines.All, Names(defs["system"]!["properties"]!["schedules"]!["propertyNames"]!["enum"]!));
        Assert.Equal(CleanUpTables.All, Names(defs["system"]!["properties"]!["cleanUp"]!["propertyNames"]!["enum"]!));
        Assert.Equal(WebhookEvents.All.Union(WebhookEvents.Of(SystemKinds.TurboZap)), Names(defs["webhook"]!["properties"]!["events"]!["items"]!["enum"]!));
        foreach (var threshold in FleetJson.Options.GetTypeInfo(typeof(SystemThresholds)).Properties)
            Assert.Equal((decimal?)defs["thresholds"]!["properties"]![threshold.Name]!["default"], threshold.Get!(new SystemThresholds()) is { } value ? (decimal?)Convert.ToDecimal(value, CultureInfo.InvariantCulture) : null);
    }

    private static IEnumerable<string> Names(JsonNode list) => list.AsArray().Select(name => name!.ToString());
}
