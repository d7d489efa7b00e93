using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>Folders of logs in a real container: what is there, and how it is rotated.</summary>
public sealed class LogFolderProbeTests(ContainerStand stand) : IClassFixture<ContainerStand>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() =>
        await stand.DoAsync("busybox rm -rf /logs; busybox mkdir -p /logs/nginx; for log in combined error audit nginx/access; do echo x > /logs/$log.log; done");

    public ValueTask DisposeAsync() => default;

    [Fact]
    [Capability("R-402")]
    public async Task The_declared_logs_are_there_or_each_missing_one_is_told()
    {
        var target = Target with { Files = ["combined.log", "error.log", "nginx/access.log", "audit.log"] };
        var reading = await ReadAsync(target);
        Assert.Equal((Outcome.Seen, "4 files of 4 logs, 0 MB."), (reading.Outcome, reading.Words));
        Assert.Empty(reading.Troubles);
        Assert.Equal((8, 4), (Value(reading, "log.folder.bytes"), Value(reading, "log.folder.files")));

        // What was rotated away is not the log itself.
        await stand.DoAsync("busybox mv /logs/audit.log /logs/audit.log.1");
        Assert.Equal([(TroubleKinds.Absent, Severity.Medium, "audit.log")], (await ReadAsync(target)).Troubles.Select(Told));
    }

    [Fact]
    [Capability("R-404")]
    public async Task Seven_compressed_files_below_ten_megabytes_are_well_and_more_is_not()
    {
        await stand.DoAsync("for day in 1 2 3 4 5 6 7; do echo x > /logs/combined__2026-11-0${day}_00-00-00.log.gz; done; busybox head -c 12582912 /dev/zero > /logs/combined.log");
        Assert.Empty((await ReadAsync(Target)).Troubles);

        await stand.DoAsync("echo x > /logs/combined__2026-11-08_00-00-00.log; busybox head -c 12582913 /dev/zero > /logs/combined.log");
        var troubles = (await ReadAsync(Target)).Troubles;
        Assert.Equal(["combined.log compression", "combined.log files", "combined.log size"], troubles.Select(trouble => trouble.Subject).Order());
        Assert.All(troubles, trouble => Assert.Equal(TroubleKinds.Misconfigured, trouble.Kind));
        Assert.Empty((await ReadAsync(Target with { Keep = 8, Compressed = false, RotateMegabytes = 11 })).Troubles);
    }

    [Fact]
    public async Task A_folder_that_is_too_large_is_read_in_part_and_one_that_is_not_there_is_absent()
    {
        await stand.DoAsync("busybox head -c 2000000 /dev/zero > /logs/combined.log");
        var reading = await ReadAsync(Target with { MaxMegabytes = 1, Files = ["no.log"] });
        Assert.Equal([(TroubleKinds.NotObservable, Severity.Medium, "size")], reading.Troubles.Select(Told));
        Assert.Empty(reading.Measures);
        Assert.Equal(Outcome.Absent, (await ReadAsync(Target with { Path = "/no" })).Outcome);
        Assert.Equal(Outcome.Absent, (await ReadAsync(Target with { Path = "/logs/error.log" })).Outcome);
    }

    private LogFolderTarget Target => new() { Name = "logs", Container = stand.Container, Path = "/logs" };

    private Task<Reading> ReadAsync(LogFolderTarget target) => stand.ReadAsync(new() { LogFolders = [target] });

    private static double Value(Reading reading, string metric) => reading.Measures.Single(measure => measure.Metric == metric).Value;

    private static (string Kind, Severity Severity, string Subject) Told(Trouble trouble) => (trouble.Kind, trouble.Severity, trouble.Subject);
}
