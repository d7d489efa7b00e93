using System.Text;

namespace WhatsOps.Reports;

/// <summary>A report as one HTML page that needs nothing else: no script, no address, light or dark as the reader has it, fit for paper.</summary>
internal static class ReportPage
{
    private const string Style =
        """
        :root { color-scheme: light dark; --ink: #1c2430; --quiet: #5c6675; --line: #d9dee6; --ground: #ffffff; --bar: #2f6f8f; --part: #b3402f; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --quiet: #9aa5b4; --line: #343c48; --ground: #14181e; --bar: #5fa8c9; --part: #e07a68; } }
        body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); }
        h1 { margin-bottom: 0; } h2 { margin-top: 2rem; border-bottom: 1px solid var(--line); } .quiet { color: var(--quiet); }
        dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: 1rem; } dt { color: var(--quiet); } dd { margin: 0; font-size: 1.4rem; }
        .wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; } th, td { padding: .25rem .5rem; border-bottom: 1px solid var(--line); text-align: left; }
        .number { text-align: right; font-variant-numeric: tabular-nums; } svg { width: 100%; height: auto; } svg text { font-size: 12px; fill: var(--ink); }
        .bar { fill: var(--bar); } .part, .key-part { fill: var(--part); color: var(--part); } .note { border-left: 3px solid var(--part); padding-left: .75rem; }
        @media print { :root { --ink: #000; --quiet: #444; --line: #bbb; --ground: #fff; --bar: #555; --part: #000; } body { margin: 0; max-width: none; } section { break-inside: avoid; } .wide { overflow: visible; font-size: .75em; } }
        """;

    public static string Write(ReportLayout layout)
    {
        var head = layout.Head;
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n")
            .Append($"<title>{ReportText.Safe(layout.Title)} – {ReportText.Safe(head.System)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n")
            .Append($"<h1>{ReportText.Safe(layout.Title)}: {ReportText.Safe(head.System)}</h1>\n")
            .Append($"<p class=\"quiet\">{ReportText.Time(head.From)} to {ReportText.Time(head.To)}, days in {ReportText.Safe(head.TimeZone)}; made {ReportText.Time(head.MadeAt)}</p>\n");
        foreach (var note in head.Notes) page.Append($"<p class=\"note\">{ReportText.Safe(note)}</p>\n");
        foreach (var section in layout.Sections) Section(page, section);
        return page.Append("</body>\n</html>\n").ToString();
    }

    private static void Section(StringBuilder page, ReportSection section)
    {
        page.Append($"<section>\n<h2>{ReportText.Safe(section.Title)}</h2>\n");
        if (section.Figures.Count > 0)
        {
            page.Append("<dl>\n");
            foreach (var figure in section.Figures)
                page.Append($"<div><dt>{ReportText.Safe(figure.Name)}</dt><dd>{Shown(figure.Value)}{(figure.Unit.Length > 0 && figure.Value.Text.Length > 0 ? " " + ReportText.Safe(figure.Unit) : "")}</dd></div>\n");
            page.Append("</dl>\n");
        }

        if (section.Empty is { } empty) page.Append($"<p class=\"quiet\">{ReportText.Safe(empty)}</p>\n");
        foreach (var chart in section.Charts.Where(chart => chart.Points.Count > 0)) page.Append(ReportSvg.Draw(chart)).Append(Key(chart));
        foreach (var table in section.Tables.Where(table => table.Rows.Count > 0)) Table(page, table);
        page.Append("</section>\n");
    }

    private static string Key(ReportChart chart) =>
        $"<p class=\"quiet\">{ReportText.Safe(chart.Title)}, {ReportText.Safe(chart.Unit)}{(chart.PartName is { } part ? $"; <span class=\"key-part\">■</span> {ReportText.Safe(part)}" : "")}</p>\n";

    private static void Table(StringBuilder page, ReportTable table)
    {
        page.Append("<div class=\"wide\"><table>\n<tr>");
        for (var column = 0; column < table.Columns.Count; column++)
            page.Append($"<th{Class(table.Rows[0][column])}>{ReportText.Safe(table.Columns[column])}</th>");
        page.Append("</tr>\n");
        foreach (var row in table.Rows)
        {
            page.Append("<tr>");
            foreach (var cell in row) page.Append($"<td{Class(cell)}>{Shown(cell)}</td>");
            page.Append("</tr>\n");
        }

        page.Append("</table></div>\n");
    }

    private static string Class(Cell cell) => cell.IsNumber ? " class=\"number\"" : "";

    private static string Shown(Cell cell) => cell.Text.Length == 0 ? "<span class=\"quiet\">unknown</span>" : ReportText.Safe(cell.Text);
}
