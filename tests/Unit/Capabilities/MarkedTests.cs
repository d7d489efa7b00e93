using System.Text.RegularExpressions;
using WhatsOps.Tests.Unit.Architecture;

namespace WhatsOps.Tests.Unit.Capabilities;

/// <summary>The tests of both test programs with their attributes, read from the sources.</summary>
internal static partial class MarkedTests
{
    /// <summary>What a pattern finds among the attributes of each test, and the test as <c>Class.Name</c>.</summary>
    public static IEnumerable<(Match Mark, string Test)> With(Regex attribute) =>
        from folder in (string[])["Unit", "Integration"]
        from file in Sources.CSharpIn(Path.Combine(Sources.Root, "tests", folder)).Order(StringComparer.Ordinal)
        from test in Tests().Matches(File.ReadAllText(file))
        from mark in attribute.Matches(test.Groups["attributes"].Value)
        select (mark, $"{Path.GetFileNameWithoutExtension(file)}.{test.Groups["name"].Value}");

    [GeneratedRegex("""(?<attributes>(?:^[ \t]*\[[^\r\n]*\][ \t]*\r?\n)+)[ \t]*public (?:async )?(?:Task|ValueTask|void) (?<name>\w+)\(""", RegexOptions.Multiline)]
    private static partial Regex Tests();
}
