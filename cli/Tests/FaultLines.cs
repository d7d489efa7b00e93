using System.Xml;
using System.Xml.Linq;

namespace WhatsOps.Cli.Tests;

/// <summary>
/// What the fault tests counted ("50 kills, … 0 lost"), from the xUnit report: the runner shows the output of failed tests only. Fault tests are those in a
/// namespace <c>Faults</c>, and crash tests elsewhere.
/// </summary>
internal static class FaultLines
{
    /// <summary>One line per test, by name; a test that counts nothing says how it ended. Empty without a readable report.</summary>
    public static IReadOnlyList<string> Read(string report)
    {
        try
        {
            return File.Exists(report) ? [.. XDocument.Load(report).Descendants("test").Where(IsFault).Select(Line).Order(StringComparer.Ordinal)] : [];
        }
        catch (XmlException)
        {
            // Cut off by a crash, which the counts tell.
            return [];
        }
    }

    private static bool IsFault(XElement test) => Text(test, "type") is var type && (type.Contains(".Faults.", StringComparison.Ordinal) || type.EndsWith("CrashTests", StringComparison.Ordinal));

    private static string Line(XElement test)
    {
        var type = Text(test, "type");
        // The name is the type's, the method's and what a theory was given.
        var name = Text(test, "name").Replace(type + ".", "", StringComparison.Ordinal).Replace('_', ' ');
        var counted = string.Join("; ", ((string?)test.Element("output") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        var ended = Text(test, "result") switch { "Pass" => "passed", "Fail" => "FAILED", _ => "skipped" };
        return $"{type[(type.LastIndexOf('.') + 1)..]}: {name} → {(counted.Length == 0 ? ended : ended == "passed" ? counted : $"{ended}; {counted}")}";
    }

    private static string Text(XElement test, string name) => (string?)test.Attribute(name) ?? "";
}
