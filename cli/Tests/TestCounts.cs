using System.Xml.Linq;

namespace WhatsOps.Cli.Tests;

/// <summary>How many tests ended how.</summary>
internal sealed record TestCounts(int Passed, int Failed, int Skipped)
{
    public static readonly TestCounts None = new(0, 0, 0);

    public TestCounts Plus(TestCounts other) => new(Passed + other.Passed, Failed + other.Failed, Skipped + other.Skipped);

    /// <summary>
    /// Reads the counts of an xUnit report. A program that crashed wrote no report, or one without its end, and counts as a failure;
    /// so does one that ended badly although every test passed.
    /// </summary>
    public static TestCounts Read(string report, int exitCode)
    {
        var counts = File.Exists(report) ? Parse(report) : null;
        if (counts is null) return new TestCounts(0, 1, 0);
        return exitCode != 0 && counts.Failed == 0 ? counts with { Failed = 1 } : counts;
    }

    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";

    private static TestCounts? Parse(string report)
    {
        try
        {
            var assemblies = XDocument.Load(report).Root!.Elements("assembly").ToList();
            return new TestCounts(
                assemblies.Sum(assembly => Number(assembly, "passed")),
                // Errors are failures outside of a test: a fixture, a disposal.
                assemblies.Sum(assembly => Number(assembly, "failed") + Number(assembly, "errors")),
                assemblies.Sum(assembly => Number(assembly, "skipped") + Number(assembly, "not-run")));
        }
        catch (System.Xml.XmlException)
        {
            return null;
        }
    }

    private static int Number(XElement assembly, string name) => (int?)assembly.Attribute(name) ?? 0;
}
