using System.Text;
using System.Text.RegularExpressions;
using WhatsOps.Tests.Unit.Architecture;

namespace WhatsOps.Tests.Unit.Capabilities;

/// <summary>docs/capabilities.md: the rows of rows.tsv, each with the tests that name it. Read from the sources, because two test programs have them.</summary>
internal static partial class CapabilityPage
{
    private sealed record Mark(string Row, string Kind, string Test);

    public static IReadOnlyList<(string Row, string Title)> Rows { get; } =
        [.. File.ReadLines(Path.Combine(Sources.Root, "tests", "Unit", "Capabilities", "rows.tsv"))
            .Where(line => line.Length > 0).Select(line => line.Split('\t')).Select(parts => (parts[0], parts[1]))];

    /// <summary>Rows that a test names and the list does not have.</summary>
    public static IEnumerable<string> Unknown => Marks().Select(mark => mark.Row).Except(Rows.Select(row => row.Row));

    public static string Write()
    {
        var marks = Marks().ToLookup(mark => mark.Row);
        var page = new StringBuilder(
            """
            # Capabilities

            What the manuals ask, and the tests that show it. Written by a test from the `[Capability]` marks on the tests (`WHATSOPS_WRITE_GOLDEN=1` writes
            it anew); a stale page fails the test run. *Shown*: a test asserts it, both sides of its number where it has one. *Shown, may be absent*: where the
            product lacks the source, another test shows the finding that says so. *Human task*: no machine can do it; it is asked of a person, with a date.


            """);
        var shown = Rows.Count(row => marks[row.Row].Any());
        page.Append($"{shown} of {Rows.Count} rows.\n\n| row | capability | state | test |\n|---|---|---|---|\n");
        foreach (var (row, title) in Rows)
            page.Append($"| {row} | {title} | {State([.. marks[row]])} | {string.Join("<br>", marks[row].Select(mark => $"`{mark.Test}`"))} |\n");
        return page.ToString();
    }

    // A row of which only the absence is tested is not shown.
    private static string State(Mark[] marks) => marks switch
    {
        [] => "not yet",
        _ when marks.All(mark => mark.Kind == "Absent") => "not yet",
        _ when marks.Any(mark => mark.Kind == "Absent") => "shown, may be absent",
        _ when marks.All(mark => mark.Kind == "HumanTask") => "human task",
        _ => "shown",
    };

    private static List<Mark> Marks() =>
        [.. MarkedTests.With(Attributes()).Select(one => new Mark(one.Mark.Groups["row"].Value, one.Mark.Groups["kind"].Value, one.Test))];

    [GeneratedRegex("""Capability\("(?<row>R-\d{3})"(?:, (?<kind>Absent|HumanTask) = true)?\)""")]
    private static partial Regex Attributes();
}
