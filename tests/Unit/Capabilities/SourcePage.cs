using System.Text;
using System.Text.RegularExpressions;
using WhatsOps.Fleet;
using WhatsOps.Tests.Unit.Architecture;

namespace WhatsOps.Tests.Unit.Capabilities;

/// <summary>docs/sources.md: the sources of sources.tsv by state, each cell with the finding and the tests that show it, or the reason why there is none.</summary>
internal static partial class SourcePage
{
    private sealed record Cell(string Source, string State, string Finding, string Test);

    private static readonly string[][] Lines =
        [.. File.ReadLines(Path.Combine(Sources.Root, "tests", "Unit", "Capabilities", "sources.tsv")).Where(line => line.Length > 0).Select(line => line.Split('\t'))];

    private static readonly Cell[] Marks =
        [.. MarkedTests.With(Attributes()).Select(one => new Cell(one.Mark.Groups["source"].Value, one.Mark.Groups["state"].Value, one.Mark.Groups["finding"].Value, one.Test))];

    private static readonly (string Key, string Title)[] Rows = [.. Lines.Where(line => line.Length == 2).Select(line => (line[0], line[1]))];

    private static readonly Dictionary<(string Source, string State), string> Reasons = Lines.Where(line => line.Length == 3).ToDictionary(line => (line[0], line[1]), line => line[2]);

    private static readonly string[] States = Enum.GetNames<SourceState>();

    /// <summary>Cells without a test and without a reason.</summary>
    public static IEnumerable<string> Missing => Rows.SelectMany(row => States.Select(state => (row.Key, State: state)))
        .Where(cell => !Reasons.ContainsKey(cell) && !Marks.Any(mark => (mark.Source, mark.State) == cell)).Select(cell => $"{cell.Key} {cell.State}");

    /// <summary>Marks and reasons of no row, reasons beside a test, findings of no kind.</summary>
    public static IEnumerable<string> Odd => Marks.Where(mark => !IsKnown(mark.Finding)).Select(mark => $"{mark.Test}: {mark.Finding} is no finding")
        .Concat(Marks.Select(mark => mark.Source).Concat(Reasons.Keys.Select(cell => cell.Source)).Except(Rows.Select(row => row.Key)).Select(source => $"{source} is no row"))
        .Concat(Reasons.Keys.Where(cell => !States.Contains(cell.State) || Marks.Any(mark => (mark.Source, mark.State) == cell)).Select(cell => $"{cell} needs no reason"));

    public static string Write()
    {
        var page = new StringBuilder(
            """
            # Sources

            What each source that is looked at gives by how it is: the finding, and the tests that show it. Written by a test from the `[Source]` marks on the tests
            (`WHATSOPS_WRITE_GOLDEN=1` writes it anew); a stale page or an empty cell fails the test run. What the findings mean: [findings](findings.md).

            *Present*: there and well. *Absent*: not there, or without the part that is looked for. *Unauthorized*: it refuses who looks. *Slow*: it takes the question and
            does not answer in time. *Lying*: it answers, with what is not so or not its own. `target_unreachable` is found after a minute and two looks in a row; of gateways the finding is the sweep's.


            """);
        page.Append($"| source | {string.Join(" | ", States.Select(state => state.ToLowerInvariant()))} |\n|---|{string.Concat(States.Select(_ => "---|"))}\n");
        foreach (var (key, title) in Rows) page.Append($"| {title} | {string.Join(" | ", States.Select(state => Told(key, state)))} |\n");
        return page.ToString();
    }

    private static string Told(string source, string state) => Reasons.TryGetValue((source, state), out var reason)
        ? $"does not apply: {reason}"
        : string.Join("<br>", Marks.Where(mark => mark.Source == source && mark.State == state).GroupBy(mark => mark.Finding)
            .Select(told => $"{(told.Key.Contains(' ', StringComparison.Ordinal) || told.Key == "none" ? told.Key : $"`{told.Key}`")}: {string.Join(", ", told.Select(mark => $"`{mark.Test}`"))}"));

    private static bool IsKnown(string finding) => finding == "none" || finding.Contains(' ', StringComparison.Ordinal) || KnownFindingKinds.All.Contains(finding);

    [GeneratedRegex("""Source\("(?<source>[^"]+)", SourceState\.(?<state>\w+), "(?<finding>[^"]+)"\)""")]
    private static partial Regex Attributes();
}
