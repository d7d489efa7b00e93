using WhatsOps.Cli.Tests;

namespace WhatsOps.Tests.Unit.Cli;

public sealed class FaultLinesTests
{
    [Fact]
    public void Each_fault_test_has_one_line_with_what_it_counted_and_no_other_test_has_one() =>
        Assert.Equal(
            [
                "CrashTests: Nothing is lost → 40 points, 0 violations",
                "HostTests: Both share(count: 2) → passed",
                "KillTests: Every event is kept → 50 kills, 900 events acknowledged, 0 lost; ready after 2 s",
                "KillTests: It fails → FAILED; 3 lost",
                "KillTests: It waits → skipped",
            ],
            Read("""
                <assemblies><assembly passed="4"><collection>
                  <test name="A.Faults.KillTests.Every_event_is_kept" type="A.Faults.KillTests" method="Every_event_is_kept" result="Pass"><output><![CDATA[50 kills, 900 events acknowledged, 0 lost
                ready after 2 s
                ]]></output></test>
                  <test name="A.Faults.KillTests.It_fails" type="A.Faults.KillTests" method="It_fails" result="Fail"><failure><message>no</message></failure><output>3 lost</output></test>
                  <test name="A.Faults.KillTests.It_waits" type="A.Faults.KillTests" method="It_waits" result="Skip"><reason>slow</reason></test>
                  <test name="A.Durable.CrashTests.Nothing_is_lost" type="A.Durable.CrashTests" method="Nothing_is_lost" result="Pass"><output>40 points, 0 violations</output></test>
                  <test name="A.Other.RowTests.It_counts" type="A.Other.RowTests" method="It_counts" result="Pass"><output>12 rows</output></test>
                </collection></assembly><assembly><collection>
                  <test name="A.Faults.HostTests.Both_share(count: 2)" type="A.Faults.HostTests" method="Both_share" result="Pass" />
                </collection></assembly></assemblies>
                """));

    [Fact]
    public void A_report_that_is_missing_or_cut_off_has_none()
    {
        Assert.Empty(Read(null));
        Assert.Empty(Read("<assemblies><assembly><collection><test name=\"A.Faults.KillTests.X\""));
    }

    private static IReadOnlyList<string> Read(string? report)
    {
        var file = Path.Combine(Path.GetTempPath(), $"whatsops-{Guid.NewGuid():N}.xml");
        if (report is not null) File.WriteAllText(file, report);
        var lines = FaultLines.Read(file);
        File.Delete(file);
        return lines;
    }
}
