using System.Text.Json;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Watch;

/// <summary>Bad input to <c>systems[].watch</c> is told with its path and a fix.</summary>
public sealed class WatchFieldsTests
{
    [Fact]
    public void A_system_that_is_only_watched_needs_no_gateways_and_must_be_watched()
    {
        Assert.Empty(Problems("""{"name":"bot","kind":"bot","watch":{"http":[{"name":"health","url":"https://bot.example.com/monitoring/health","shape":"bot_health"}]}}"""));
        Assert.Equal(["$.systems[0].watch"], Problems("""{"name":"bot","kind":"bot"}"""));
        Assert.Equal(["$.systems[0].gateways"], Problems("""{"name":"bot","kind":"bot","watch":{},"gateways":[{"name":"g","url":"https://g.example.com","apiKey":"${env:K}"}]}"""));
        Assert.Equal(["$.systems[0].kind"], Problems("""{"name":"bot","kind":"robot","watch":{}}"""));
    }

    [Theory]
    [InlineData("\"shape\":\"status\"", 10)]
    [InlineData("\"shape\":\"agent_health\",\"everySeconds\":300", 60)]
    [InlineData("\"timeoutSeconds\":20,\"shape\":\"agent_health\",\"everySeconds\":300", 20)]
    public void An_endpoint_that_asks_Meta_and_OpenAI_has_the_time_of_their_answers_where_the_file_says_no_other(string members, int seconds)
    {
        var target = JsonSerializer.Deserialize<HttpTarget>($$"""{"name":"a","url":"https://x.example.com",{{members}}}""", FleetJson.Options)!;
        Assert.Equal(seconds, target.TimeoutSeconds);
    }

    [Theory]
    [InlineData("""{"http":[{"name":"a","url":"https://x.example.com/?key=1"}]}""", "http[0].url")]
    [InlineData("""{"http":[{"name":"a","url":"https://x.example.com","headers":{"Authorization":"Bearer abc"}}]}""", "http[0].headers.Authorization")]
    [InlineData("""{"http":[{"name":"A b","url":"https://x.example.com"}]}""", "http[0].name")]
    [InlineData("""{"http":[{"name":"a","url":"https://x.example.com","everySeconds":29}]}""", "http[0].everySeconds")]
    [InlineData("""{"http":[{"name":"a","url":"https://x.example.com","shape":"agent_health"}]}""", "http[0].everySeconds")]
    [InlineData("""{"http":[{"name":"a","url":"https://x.example.com","shape":"prometheus"}]}""", "http[0].metrics")]
    [InlineData("""{"http":[{"name":"a","url":"https://x.example.com"},{"name":"a","url":"https://y.example.com"}]}""", "http[1].name")]
    [InlineData("""{"postgres":[{"name":"a","connectionString":"Host=x;Password=y"}]}""", "postgres[0].connectionString")]
    [InlineData("""{"postgres":[{"name":"a","connectionString":"${env:D}","schemaVersion":"3f2a9c"}]}""", "postgres[0].schemaVersion")]
    [InlineData("""{"postgres":[{"name":"a","connectionString":"${env:D}","tables":"agent","schemaVersion":" "}]}""", "postgres[0].schemaVersion")]
    [InlineData("""{"redis":[{"name":"a","connectionString":"${env:R}","bullQueues":[""]}]}""", "redis[0].bullQueues[0]")]
    [InlineData("""{"redis":[{"name":"a","connectionString":"r:6379,password=x"}]}""", "redis[0].connectionString")]
    [InlineData("""{"redis":[{"name":"a","connectionString":"${env:R}","bullPrefix":""}]}""", "redis[0].bullPrefix")]
    [InlineData("""{"redis":[{"name":"a","connectionString":"${env:R}","settings":{"RequirePass":"x"}}]}""", "redis[0].settings.RequirePass")]
    [InlineData("""{"rabbitMq":[{"name":"a","url":"http://r:15672","user":"","password":"${env:P}"}]}""", "rabbitMq[0].user")]
    [InlineData("""{"rabbitMq":[{"name":"a","url":"http://r:15672","user":"ops","password":"${env:P}","virtualHost":""}]}""", "rabbitMq[0].virtualHost")]
    [InlineData("""{"rabbitMq":[{"name":"a","url":"http://r:15672","user":"ops","password":"${env:P}","queues":[" "]}]}""", "rabbitMq[0].queues[0]")]
    [InlineData("""{"rabbitMq":[{"name":"a","url":"http://r:15672","user":"ops","password":"guest"}]}""", "rabbitMq[0].password")]
    [InlineData("""{"containers":[{"name":"a","container":{"container":""}}]}""", "containers[0].container.container")]
    [InlineData("""{"logs":[{"name":"a","container":{"container":"c"},"path":"logs/app.log"}]}""", "logs[0].path")]
    [InlineData("""{"logs":[{"name":"a","container":{"container":""},"path":"/a.log"}]}""", "logs[0].container.container")]
    [InlineData("""{"logs":[{"name":"a","container":{"container":"c"},"path":"/a.log","silentMinutes":-1}]}""", "logs[0].silentMinutes")]
    [InlineData("""{"logs":[{"name":"a","container":{"container":"c"},"path":"/a.log","maxMegabytes":1025}]}""", "logs[0].maxMegabytes")]
    [InlineData("""{"logs":[{"name":"a","container":{"container":"c"},"path":"/a.log","patterns":{"paid":"("}}]}""", "logs[0].patterns.paid")]
    [InlineData("""{"logs":[{"name":"a","container":{"container":"c"},"path":"/a.log","patterns":{"paid":"(?<=x)y"}}]}""", "logs[0].patterns.paid")]
    [InlineData("""{"logs":[{"name":"a","container":{"container":"c"},"path":"/a.log","patterns":{"slow":"x"}}]}""", "logs[0].patterns.slow")]
    [InlineData("""{"logFolders":[{"name":"a","container":{"container":"c"},"path":"/../etc"}]}""", "logFolders[0].path")]
    [InlineData("""{"logFolders":[{"name":"a","container":{"container":"c"},"path":"/logs","keep":0}]}""", "logFolders[0].keep")]
    [InlineData("""{"logFolders":[{"name":"a","container":{"container":"c"},"path":"/logs","files":[""]}]}""", "logFolders[0].files[0]")]
    [InlineData("""{"files":[{"name":"a","container":{"container":"c"},"path":".env"}]}""", "files[0].path")]
    [InlineData("""{"files":[{"name":"a","container":{"container":"c"},"path":"/.env","mode":"0680"}]}""", "files[0].mode")]
    [InlineData("""{"files":[{"name":"a","container":{"container":"c"},"path":"/.env","mode":"4755"}]}""", "files[0].mode")]
    [InlineData("""{"files":[{"name":"a","container":{"container":"c"},"path":"/.env","settings":{"gzip":"on"}}]}""", "files[0].settings")]
    [InlineData("""{"engines":[{"name":"a","engine":"/var/run/docker.sock"}]}""", "engines[0].engine")]
    [InlineData("""{"engines":[{"name":"a","volumes":[""]}]}""", "engines[0].volumes[0]")]
    [InlineData("""{"sites":[{"name":"a","url":"ftp://x.example.com"}]}""", "sites[0].url")]
    [InlineData("""{"hosts":[{"name":"a","host":"x.example.com"}]}""", "hosts[0]")]
    [InlineData("""{"hosts":[{"name":"a","host":"x.example.com","closed":[5432],"open":[5432]}]}""", "hosts[0]")]
    [InlineData("""{"hosts":[{"name":"a","host":"x.example.com","closed":[70000]}]}""", "hosts[0]")]
    [InlineData("""{"hosts":[{"name":"a","host":"x.example.com","ssh":0}]}""", "hosts[0]")]
    [InlineData("""{"guards":[{"name":"a","url":"https://x.example.com"}]}""", "guards[0]")]
    [InlineData("""{"guards":[{"name":"a","url":"https://x.example.com","meta":{"verifyToken":"in-clear"}}]}""", "guards[0].meta.verifyToken")]
    [InlineData("""{"guards":[{"name":"a","url":"https://x.example.com","meta":{"path":"webhook"}}]}""", "guards[0].meta.path")]
    [InlineData("""{"guards":[{"name":"a","url":"https://x.example.com","refused":["/debug?x=1"]}]}""", "guards[0].refused[0]")]
    [InlineData("""{"guards":[{"name":"a","url":"https://x.example.com","refusedPosts":["send"]}]}""", "guards[0].refusedPosts[0]")]
    [InlineData("""{"guards":[{"name":"a","url":"https://x.example.com","meta":{"appSecret":"in-clear"}}]}""", "guards[0].meta.appSecret")]
    [InlineData("""{"guards":[{"name":"a","url":"https://x.example.com","burst":{"path":"/"}}]}""", "guards[0].everySeconds")]
    [InlineData("""{"guards":[{"name":"a","url":"https://x.example.com","everySeconds":3600,"burst":{"path":"/","requests":201}}]}""", "guards[0].burst.requests")]
    [InlineData("""{"prometheus":[{"name":"a","url":"http://x.example.com:9090?q=1"}]}""", "prometheus[0].url")]
    [InlineData("""{"prometheus":[{"name":"a","url":"http://x.example.com:9090","queries":[{"name":"q","query":" "}]}]}""", "prometheus[0].queries[0].query")]
    [InlineData("""{"prometheus":[{"name":"a","url":"http://x.example.com:9090","queries":[{"name":"Errors!","query":"up"}]}]}""", "prometheus[0].queries[0].name")]
    [InlineData("""{"prometheus":[{"name":"a","url":"http://x.example.com:9090","jobs":[""]}]}""", "prometheus[0].jobs[0]")]
    [InlineData("""{"alertmanager":[{"name":"a","token":"in-clear"}]}""", "alertmanager[0].token")]
    [InlineData("""{"alertmanager":[{"name":"a","token":"${env:T}","watchdogMinutes":0}]}""", "alertmanager[0].watchdogMinutes")]
    [InlineData("""{"alertmanager":[{"name":"a","token":"${env:T}","watchdog":""}]}""", "alertmanager[0].watchdog")]
    [InlineData("""{"renewals":[{"name":"a","what":"token"}]}""", "renewals[0]")]
    [InlineData("""{"renewals":[{"name":"a","what":"token","changed":"2026-01-31"}]}""", "renewals[0]")]
    [InlineData("""{"renewals":[{"name":"a","what":"token","expires":"2027-01-31","changed":"2026-01-31","everyDays":90}]}""", "renewals[0]")]
    [InlineData("""{"renewals":[{"name":"a","what":" ","expires":"2027-01-31"}]}""", "renewals[0].what")]
    [InlineData("""{"renewals":[{"name":"a","what":"token","changed":"2026-01-31","everyDays":0}]}""", "renewals[0].everyDays")]
    [InlineData("""{"renewals":[{"name":"a","what":"token","expires":"2027-01-31","daysBefore":0}]}""", "renewals[0].daysBefore")]
    [InlineData("""{"releases":[{"name":"a","repository":"chat","token":"${env:T}"}]}""", "releases[0].repository")]
    [InlineData("""{"releases":[{"name":"a","repository":"https://github.com/acme/chat","token":"${env:T}"}]}""", "releases[0].repository")]
    [InlineData("""{"releases":[{"name":"a","repository":"acme/chat.git","token":"${env:T}"}]}""", "releases[0].repository")]
    [InlineData("""{"releases":[{"name":"a","repository":"acme/..","token":"${env:T}"}]}""", "releases[0].repository")]
    [InlineData("""{"releases":[{"name":"a","repository":"acme/chat/x","token":"${env:T}"}]}""", "releases[0].repository")]
    [InlineData("""{"releases":[{"name":"a","repository":"acme/chat","token":"${env:T}","branch":"my main"}]}""", "releases[0].branch")]
    [InlineData("""{"releases":[{"name":"a","repository":"acme/chat","token":"${env:T}","branch":"a..b"}]}""", "releases[0].branch")]
    [InlineData("""{"releases":[{"name":"a","repository":"acme/chat","token":"ghp_clear"}]}""", "releases[0].token")]
    [InlineData("""{"releases":[{"name":"a","repository":"acme/chat","token":"${env:T}","everySeconds":299}]}""", "releases[0].everySeconds")]
    [InlineData("""{"releases":[{"name":"a","repository":"acme/chat","everySeconds":1799}]}""", "releases[0].everySeconds")]
    [InlineData("""{"releases":[{"name":"a","repository":"acme/chat","token":"${env:T}","apiUrl":"github.example.com"}]}""", "releases[0].apiUrl")]
    [InlineData("""{"releases":[{"name":"a","repository":"acme/chat","token":"${env:T}","changelog":"/docs/notes.md"}]}""", "releases[0].changelog")]
    [InlineData("""{"releases":[{"name":"a","repository":"acme/chat","token":"${env:T}","changelog":" "}]}""", "releases[0].changelog")]
    [InlineData("""{"releases":[{"name":"a","repository":"acme/chat","token":"${env:T}","checks":[""]}]}""", "releases[0].checks[0]")]
    [InlineData("""{"releases":[{"name":"a","repository":"acme/chat","token":"${env:T}","version":"version"}]}""", "releases[0].version")]
    [InlineData("""{"http":[{"name":"version","url":"https://x.example.com"}],"releases":[{"name":"a","repository":"acme/chat","token":"${env:T}","version":"version"}]}""", "releases[0].version")]
    [InlineData("""{"releases":[{"name":"a","repository":"acme/chat","token":"${env:T}","deployHours":0}]}""", "releases[0].deployHours")]
    [InlineData("""{"releases":[{"name":"a","repository":"acme/chat","token":"${env:T}","scans":[{"workflow":"bandit"}]}]}""", "releases[0].scans[0].workflow")]
    [InlineData("""{"releases":[{"name":"a","repository":"acme/chat","token":"${env:T}","scans":[{"workflow":"../x.yml"}]}]}""", "releases[0].scans[0].workflow")]
    [InlineData("""{"releases":[{"name":"a","repository":"acme/chat","token":"${env:T}","scans":[{"workflow":"bandit.yml","everyDays":0}]}]}""", "releases[0].scans[0].everyDays")]
    [InlineData("""{"releases":[{"name":"a","repository":"acme/chat","token":"${env:T}","scans":[{"workflow":"bandit.yml","branch":" "}]}]}""", "releases[0].scans[0].branch")]
    [InlineData("""{"releases":[{"name":"a","repository":"acme/chat","token":"${env:T}","scans":[{"workflow":"bandit.yml"},{"workflow":"bandit.yml"}]}]}""", "releases[0].scans[1].workflow")]
    [InlineData("""{"rules":[{"name":"r","metric":"m"}]}""", "rules[0]")]
    [InlineData("""{"rules":[{"name":"r","metric":"m","above":1,"below":2}]}""", "rules[0]")]
    [InlineData("""{"rules":[{"name":"r","metric":"m","above":1,"clear":2}]}""", "rules[0].clear")]
    [InlineData("""{"rules":[{"name":"r","metric":"m","above":1,"function":"ratio"}]}""", "rules[0].of")]
    public void A_mistake_is_told_with_its_path(string watch, string path) =>
        Assert.Equal([$"$.systems[0].watch.{path}"], Problems($$"""{"name":"bot","kind":"bot","watch":{{watch}}}"""));

    [Theory]
    [InlineData("""{"http":[{"name":"version","url":"https://x.example.com","shape":"taktchat_version"}],"releases":[{"name":"a","repository":"acme/chat.web_2","branch":"release/2.x","token":"${env:T}","everySeconds":300,"version":"version"}]}""")]
    [InlineData("""{"releases":[{"name":"a","repository":"a/b"}]}""")]
    [InlineData("""{"releases":[{"name":"a","repository":"a/b","everySeconds":1800,"scans":[{"workflow":"bandit.yml","branch":"develop"},{"workflow":"safety.yaml"}]}]}""")]
    public void Releases_are_watched_gently_with_a_token_and_more_gently_without(string watch) => Assert.Empty(Problems($$"""{"name":"chat","kind":"taktchat","watch":{{watch}}}"""));

    [Fact]
    public void Targets_without_a_token_share_the_requests_of_one_address_over_all_systems()
    {
        var stranger = """{"name":"a","repository":"a/b"}""";
        static string Of(string name, params string[] releases) =>
            $$$"""{"name":"{{{name}}}","kind":"taktchat","watch":{"releases":[{{{string.Join(',', releases.Select((release, index) => release.Replace("\"a\"", $"\"a{index}\"", StringComparison.Ordinal)))}}}]}}""";

        Assert.Empty(Problems($"{Of("one", stranger)},{Of("two", stranger, stranger, """{"name":"a","repository":"a/b","token":"${env:T}"}""")},{Of("three", """{"name":"a","repository":"a/b","apiUrl":"https://git.example.com/api/v3"}""")}"));
        Assert.Equal(["$.systems[1].watch.releases[2]"], Problems($"{Of("one", stranger)},{Of("two", stranger, stranger, stranger)}"));
        Assert.Empty(Problems($"{Of("one", stranger)},{Of("two", stranger, stranger, """{"name":"a","repository":"a/b","everySeconds":3600}""")}"));
    }

    [Theory]
    [InlineData(null, null, 1800)]
    [InlineData("${env:T}", null, 900)]
    [InlineData("${env:T}", 300, 300)]
    public void A_release_is_looked_at_as_often_as_its_token_allows_where_nothing_is_said(string? token, int? every, int seconds)
    {
        var target = new ReleaseTarget { Name = "a", Repository = "a/b", Token = token };
        Assert.Equal(seconds, (every is { } said ? target with { EverySeconds = said } : target).EverySeconds);
    }

    [Fact]
    public void A_date_that_is_none_is_told_with_its_form() => Assert.Contains(
        "yyyy-MM-dd", FleetReader.Read("""{"systems":[{"name":"bot","kind":"bot","watch":{"renewals":[{"name":"a","what":"token","expires":"31/01/2027"}]}}]}""").Problems
            .First(problem => problem.Path == "$.systems[0].watch.renewals[0].expires").Problem, StringComparison.Ordinal);

    private static string[] Problems(string system) => [.. FleetReader.Read($$"""{"systems":[{{system}}]}""").Problems.Select(problem => problem.Path).Where(path => path != "$.operators")];
}
