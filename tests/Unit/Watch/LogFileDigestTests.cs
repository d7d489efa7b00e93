using WhatsOps.Fleet;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Watch;

/// <summary>What lines of log files count as.</summary>
public sealed class LogFileDigestTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly LogFileTarget Target = new() { Name = "app", Container = new() { Container = "api" }, Path = "/logs/app.log" };

    [Theory]
    [InlineData("slow query took 900 ms", "slow")]
    [InlineData("{\"level\":\"info\",\"event\":\"slow_operation\"}", "slow")]
    [InlineData("slowly, but 401 ms is fine", "slow")]
    [InlineData("a yellow flower", "")]
    [InlineData("GET /me 401 Unauthorized", "unauthorized")]
    [InlineData("{\"status\":403,\"path\":\"/me\"}", "unauthorized")]
    [InlineData("unauthorised attempt of 10.0.0.1", "unauthorized")]
    [InlineData("12:10:33.401 took 403ms for 0.401 of job-401", "")]
    [InlineData("port 10.0.0.1:4015, order 14013", "")]
    [InlineData("Login of a user", "auth")]
    [InlineData("authentication done", "auth")]
    [InlineData("verify accessToken", "auth")]
    [InlineData("the author wrote 512 tokens", "")]
    public void The_manuals_patterns_are_found_and_what_only_looks_like_them_is_not(string line, string expected)
    {
        var digest = ILineDigest.Of(Target);
        digest.Add(line);
        Assert.Equal(expected, string.Join(',', digest.Measures().Where(measure => measure.Metric == "log.matches" && measure.Value > 0).Select(measure => measure.Subject)));
    }

    [Fact]
    public void An_own_pattern_is_counted_beside_them()
    {
        var digest = ILineDigest.Of(Target with { Patterns = new Dictionary<string, string> { ["paid"] = "payment .* done" } });
        foreach (var line in (string[])["Payment 1 done", "payment 2 failed", "payment 3 done"]) digest.Add(line);
        Assert.Contains(new Measure("log.matches", 2, "paid"), digest.Measures());
        Assert.Contains(new Measure("log.matches", 0, "slow"), digest.Measures());
        Assert.Contains(new LogTally("paid", "payment # done", 1), digest.Tallies());
    }

    [Theory]
    [Capability("R-407")]
    [InlineData(LogFormat.Json, "{\"level\":\"info\",\"processingTime\":100}", "{\"meta\":{\"processingTime\":\"0.3s\"}}")]
    [InlineData(LogFormat.Text, "done processingTime=100", "done processingTime: 300ms")]
    public void The_mean_of_processing_time_is_in_milliseconds(LogFormat format, params string[] lines)
    {
        var digest = ILineDigest.Of(Target with { Format = format });
        Assert.DoesNotContain(digest.Measures(), measure => measure.Metric.StartsWith("log.processing", StringComparison.Ordinal));
        foreach (var line in (IEnumerable<string>)[.. lines, "{\"level\":\"info\",\"processingTime\":null}"]) digest.Add(line);
        Assert.Equal([200, 2, 400], digest.Measures().Where(measure => measure.Metric.StartsWith("log.processing", StringComparison.Ordinal)).Select(measure => measure.Value));
    }

    [Theory]
    [InlineData(LogFormat.Json, 4, true)]
    [InlineData(LogFormat.Json, 5, false)]
    [InlineData(LogFormat.Text, 0, false)]
    public void A_log_that_is_no_json_is_told(LogFormat format, int json, bool isTold)
    {
        var digest = ILineDigest.Of(Target with { Format = format });
        for (var line = 0; line < 10; line++) digest.Add(line < json ? "{\"level\":30}" : "plain");
        Assert.Equal(isTold, digest.Troubles(Minute).Any(trouble => trouble.Subject == "format"));
    }

    [Fact]
    [Capability("R-406")]
    public void An_access_log_is_requests_by_class_and_networks_without_their_last_part()
    {
        var digest = ILineDigest.Of(Target with { Format = LogFormat.Nginx });
        for (var request = 0; request < 18; request++) digest.Add(Access("203.0.113." + request, "GET / HTTP/1.1", 200));
        digest.Add(Access("2001:db8:1:2:3:4:5:6", "GET /me?token=abc HTTP/2.0", 401));
        digest.Add(Access("198.51.100.7", "POST /auth/login HTTP/1.1", 502));
        digest.Add("garbage");

        var measures = digest.Measures().ToDictionary(measure => (measure.Metric, measure.Subject), measure => measure.Value);
        Assert.Equal((18, 1, 1), (measures[("log.requests", "2xx")], measures[("log.requests", "4xx")], measures[("log.requests", "5xx")]));
        Assert.Equal((5, 1, 1, 1), (measures[("log.requests.errors.percent", "")], measures[("log.matches", "unauthorized")], measures[("log.matches", "auth")], measures[("log.unreadable", "")]));
        Assert.Equal(["203.0.113.* 18", "198.51.100.* 1", "2001:db8:1:* 1"], digest.Tallies().Where(tally => tally.Kind == "address").Select(tally => $"{tally.What} {tally.Count}"));
        Assert.Contains(new LogTally("unauthorized", "GET /me #xx", 1), digest.Tallies());
    }

    [Theory]
    [InlineData(19, false)]
    [InlineData(20, true)]
    public void A_share_of_errors_needs_twenty_requests(int requests, bool isThere)
    {
        var digest = ILineDigest.Of(Target with { Format = LogFormat.Nginx });
        for (var request = 0; request < requests; request++) digest.Add(Access("10.0.0.1", "GET / HTTP/1.1", 500));
        Assert.Equal(isThere, digest.Measures().Any(measure => measure.Metric == "log.requests.errors.percent"));
    }

    [Fact]
    public void A_log_in_another_format_and_secrets_in_addresses_are_told()
    {
        var digest = ILineDigest.Of(Target with { Format = LogFormat.Nginx });
        for (var line = 0; line < 10; line++) digest.Add("127.0.0.1 custom");
        digest.Add(Access("10.0.0.1", "GET /hook?api_key=abcdef123456 HTTP/1.1", 200));
        var troubles = digest.Troubles(Minute).ToDictionary(trouble => trouble.Subject, trouble => trouble.Kind);
        Assert.Equal((TroubleKinds.NotObservable, TroubleKinds.Exposed), (troubles["format"], troubles["password or key"]));
        Assert.DoesNotContain("abcdef", string.Concat(digest.Troubles(Minute).Select(trouble => trouble.Cause)) + string.Concat(digest.Tallies().Select(tally => tally.What)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-", "GET / HTTP/1.1", "400", "0", true)]
    [InlineData("ana maria", "GET / HTTP/1.1", "200", "-", true)]
    [InlineData("-", "\\x16\\x03\\x01", "400", "157", true)]
    [InlineData("-", "", "408", "0", true)]
    [InlineData("-", "GET / HTTP/1.1", "999", "0", false)]
    public void Odd_lines_of_nginx_are_read(string user, string request, string status, string size, bool isRead) =>
        Assert.Equal(isRead, AccessLine.Of($"10.0.0.1 - {user} [26/Nov/2026:12:00:00 +0000] \"{request}\" {status} {size} \"-\" \"curl\" \"-\"") is not null);

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.*")]
    [InlineData("::ffff:203.0.113.9", "203.0.113.*")]
    [InlineData("2001:0db8::1", "2001:db8:0:*")]
    [InlineData("unix:", null)]
    [InlineData("ana.example.com", null)]
    public void An_address_is_masked_to_its_network(string address, string? expected) => Assert.Equal(expected, AddressMask.Of(address));

    [Theory]
    [InlineData("app-out__2026-11-26_00-00-00.log.gz", "app-out.log", true, true)]
    [InlineData("app-out__2026-11-26_00-00-00.log", "app-out.log", true, false)]
    [InlineData("access.log.1", "access.log", true, false)]
    [InlineData("access.log.12.gz", "access.log", true, true)]
    [InlineData("access.log-20261126", "access.log", true, false)]
    [InlineData("app-out.log", "app-out.log", false, false)]
    public void Names_of_rotated_files_say_which_log_they_are_of(string file, string log, bool isRotated, bool isCompressed)
    {
        var name = RotatedName.Of(file);
        Assert.Equal((log, isRotated, isCompressed), (name.Log, name.IsRotated, name.IsCompressed));
    }

    private static string Access(string address, string request, int status) => $"{address} - - [26/Nov/2026:12:00:00 +0000] \"{request}\" {status} 12 \"-\" \"curl/8.0\"";
}
