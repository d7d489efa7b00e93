using WhatsOps.Cli.Tests;

namespace WhatsOps.Tests.Unit.Cli;

public sealed class TestCountsTests
{
    [Fact]
    public void Counts_of_all_assemblies_and_errors_outside_of_tests_are_summed() =>
        Assert.Equal("12 passed, 3 failed, 1 skipped", Read(0,
            """
            <assemblies>
              <assembly passed="10" failed="1" skipped="1" errors="0" not-run="0" />
              <assembly passed="2" failed="1" skipped="0" errors="1" not-run="0" />
            </assemblies>
            """));

    [Fact]
    public void A_program_that_crashed_before_its_report_is_a_failure() => Assert.Equal("0 passed, 1 failed, 0 skipped", Read(134, null));

    [Fact]
    public void A_report_cut_off_by_a_crash_is_a_failure() => Assert.Equal("0 passed, 1 failed, 0 skipped", Read(137, "<assemblies><assembly passed=\"3\""));

    [Fact]
    public void A_bad_exit_code_after_only_good_tests_is_a_failure() =>
        Assert.Equal("3 passed, 1 failed, 0 skipped", Read(3, "<assemblies><assembly passed=\"3\" failed=\"0\" skipped=\"0\" errors=\"0\" /></assemblies>"));

    private static string Read(int exitCode, string? report)
    {
        var file = Path.Combine(Path.GetTempPath(), $"whatsops-{Guid.NewGuid():N}.xml");
        if (report is not null) File.WriteAllText(file, report);
        var counts = TestCounts.Read(file, exitCode);
        File.Delete(file);
        return counts.ToString();
    }
}
