using WhatsOps.Fleet;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Watch;

public sealed class LogDigestTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("ERROR:  relation \"a\" does not exist", "Error")]
    [InlineData("2026-11-25 12:00:00 [error] it failed", "Error")]
    [InlineData("time=\"2026\" level=error msg=\"no\"", "Error")]
    [InlineData("panic: runtime error: index out of range", "Error")]
    [InlineData("TypeError: Cannot read properties of undefined", "Error")]
    [InlineData("Unhandled exception. System.InvalidOperationException: no", "Error")]
    [InlineData("{\"level\":50,\"msg\":\"no\"}", "Error")]
    [InlineData("{\"level\":\"fatal\",\"message\":\"no\"}", "Error")]
    [InlineData("{\"severity\":\"ERROR\",\"message\":\"no\"}", "Error")]
    [InlineData("{\"level\":\"info\",\"msg\":\"ERROR is only a word here\"}", "Other")]
    [InlineData("{\"msg\":\"no level, but ERROR\"}", "Error")]
    [InlineData("{ no JSON, level=error", "Error")]
    [InlineData("0 errors found", "Other")]
    [InlineData("terror and mirrors", "Other")]
    [InlineData("WARN  queue is long", "Warning")]
    [InlineData("{\"level\":40,\"msg\":\"long\"}", "Warning")]
    [InlineData("DEBUG sql: SELECT", "Debug")]
    [InlineData("{\"level\":20,\"msg\":\"x\"}", "Debug")]
    [InlineData("INFO started", "Other")]
    [InlineData("21:C 26 Nov 2026 13:45:12.345 # Failed opening the temp RDB file temp-21.rdb (in server root dir /data) for saving: Permission denied", "Error")]
    [InlineData("1:M 26 Nov 2026 13:45:12.345 # Background saving error", "Error")]
    [InlineData("1:M 26 Nov 2026 13:45:12.345 # Error accepting a client connection: Too many open files", "Error")]
    [InlineData("1:M 26 Nov 2026 13:45:12.345 # WARNING Memory overcommit must be enabled! Without it, a background save may fail; it can also cause failures without low memory condition.", "Warning")]
    [InlineData("1:M 26 Nov 2026 13:45:12.345 # User requested shutdown...", "Warning")]
    [InlineData("1:M 26 Nov 2026 13:45:12.345 * 1 changes in 1 seconds. Saving...", "Other")]
    public void Levels_are_read_as_loggers_write_them(string line, string expected) => Assert.Equal(expected, LogEntry.Of(line).Level.ToString());

    [Theory]
    [InlineData(10, 1, false)]
    [InlineData(11, 1, true)]
    [InlineData(20, 10, false)]
    [InlineData(21, 10, true)]
    public void More_than_ten_errors_in_five_minutes_are_a_trouble(int errors, int minutes, bool isTrouble) =>
        Assert.Equal(isTrouble, Digest([.. Enumerable.Repeat("ERROR x", errors)]).Troubles(TimeSpan.FromMinutes(minutes)).Any());

    [Fact]
    [Capability("R-403")]
    public void Lines_of_level_debug_are_counted_and_told()
    {
        Assert.Empty(Digest("INFO fine").Troubles(Minute));
        var digest = Digest("DEBUG a", "DEBUG b", "INFO fine");
        Assert.Contains(new Measure("container.log.debugs", 2), digest.Measures());
        Assert.Equal((TroubleKinds.Misconfigured, Severity.Low), digest.Troubles(Minute).Select(trouble => (trouble.Kind, trouble.Severity)).Single());
    }

    [Fact]
    public void A_leak_is_told_by_its_name_alone()
    {
        var trouble = Digest("sent to 5511987654321", "sent to 5511987654322").Troubles(Minute).Single();
        Assert.Equal((TroubleKinds.Exposed, "phone number"), (trouble.Kind, trouble.Subject));
        Assert.DoesNotContain("98765", trouble.Cause, StringComparison.Ordinal);
        Assert.Empty(trouble.Evidence);
    }

    [Fact]
    public void The_three_most_frequent_errors_are_shown()
    {
        var digest = Digest([.. Enumerable.Range(0, 7).Select(i => $"ERROR job {i} of \"q{i}\" failed"), "ERROR b", "ERROR b", "ERROR b", "ERROR c", "ERROR c", "ERROR d"]);
        Assert.Equal(["7x ERROR job # of \"…\" failed", "3x ERROR b", "2x ERROR c"], digest.Troubles(Minute).Single().Evidence.Values);
    }

    private static LogDigest Digest(params string[] lines)
    {
        var digest = new LogDigest(LogPlace.Of(new ContainerReference { Container = "api" }));
        foreach (var line in lines) digest.Add(line);
        return digest;
    }
}
