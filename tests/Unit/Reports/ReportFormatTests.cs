using System.Text.RegularExpressions;
using CsCheck;
using WhatsOps.Reports;
using WhatsOps.Tests.Runbooks;

namespace WhatsOps.Tests.Unit.Reports;

public sealed partial class ReportFormatTests
{
    public static TheoryData<string, string> Files => [.. SampleReports.Names.SelectMany(name => ReportFormat.All.Select(format => ((string)name, format.Name)))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Reports_look_like_their_golden_files(string name, string format) =>
        Golden.Equal($"tests/Unit/Reports/golden/{name}.{format}", ReportFormat.Find(format)!.Write(SampleReports.Of(name)));

    [Theory]
    [MemberData(nameof(SampleReports.Names), MemberType = typeof(SampleReports))]
    public void A_page_needs_nothing_from_outside_and_runs_nothing(string name)
    {
        var page = ReportFormat.Html.Write(SampleReports.Of(name));
        Assert.DoesNotMatch(Outside(), page);
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);
        Assert.Contains("@media print", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_name_contains_is_text_on_the_page_and_no_formula_in_a_sheet()
    {
        var page = ReportFormat.Html.Write(SampleReports.Performance);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;", page, StringComparison.Ordinal);
        var cells = Read(ReportFormat.Csv.Write(SampleReports.Performance));
        Assert.Contains(cells, row => row.Contains("'=HYPERLINK(\"x\")"));
        Assert.DoesNotContain(cells.SelectMany(row => row), cell => cell.StartsWith('='));
    }

    [Fact]
    public void Whatever_names_there_are_every_row_of_a_sheet_has_five_cells_and_says_them() =>
        Gen.Select(Gen.String[Gen.Char["ab,\"\r\n=+-@;\t<é"], 0, 12], Gen.Long).List[0, 6].Sample(items =>
        {
            var report = SampleReports.Usage with { TopTenants = [.. items.Select(item => new CountOf(item.Item1, item.Item2))] };
            var rows = Read(ReportFormat.Csv.Write(report));
            Assert.All(rows, row => Assert.Equal(5, row.Count));
            var tenants = rows.Where(row => row[0] == "Most active tenants").ToList();
            Assert.Equal(items.Select(item => item.Item2.ToString(System.Globalization.CultureInfo.InvariantCulture)), tenants.Select(row => row[3]));
            Assert.Equal(items.Select(item => item.Item1), tenants.Select(row => row[1].StartsWith('\'') ? row[1][1..] : row[1]));
        }, iter: 300);

    // RFC 4180, written for the test.
    private static List<List<string>> Read(string csv)
    {
        List<List<string>> rows = [];
        for (var at = 0; at < csv.Length;)
        {
            List<string> row = [];
            while (true)
            {
                string cell;
                if (csv[at] == '"')
                {
                    var end = at + 1;
                    while (csv[end] != '"' || csv[end + 1] == '"') end += csv[end] == '"' ? 2 : 1;
                    cell = csv[(at + 1)..end].Replace("\"\"", "\"", StringComparison.Ordinal);
                    at = end + 1;
                }
                else
                {
                    var end = csv.AsSpan(at).IndexOfAny(',', '\n') + at;
                    cell = csv[at..end];
                    at = end;
                }

                row.Add(cell);
                if (csv[at] == '\n') break;
                at++;
            }

            rows.Add(row);
            at++;
        }

        return rows;
    }

    [GeneratedRegex(@"<script|<link|<iframe|<img|@import|url\(|\bon\w+=|href=|src=|https?://", RegexOptions.IgnoreCase)]
    private static partial Regex Outside();
}
