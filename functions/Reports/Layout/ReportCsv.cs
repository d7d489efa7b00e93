using System.Text;

namespace WhatsOps.Reports;

/// <summary>A report as CSV (RFC 4180, lines ended by LF), one value per row, so that reports of any kind and age can stand in one sheet.</summary>
internal static class ReportCsv
{
    public static string Write(ReportLayout layout)
    {
        var csv = new StringBuilder();
        Row(csv, "section", "item", "figure", "value", "unit");
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)
            [("system", layout.Head.System), ("from", ReportText.Time(layout.Head.From)), ("to", ReportText.Time(layout.Head.To)), ("time zone", layout.Head.TimeZone)])
            Row(csv, layout.Title, "", name, Text(value), "");
        foreach (var note in layout.Head.Notes) Row(csv, layout.Title, "", "note", Text(note), "");
        foreach (var section in layout.Sections)
        {
            foreach (var figure in section.Figures) Row(csv, section.Title, "", figure.Name, Value(figure.Value), figure.Unit);
            foreach (var table in section.Tables)
                foreach (var row in table.Rows)
                    for (var column = 1; column < row.Length; column++)
                        Row(csv, section.Title, Value(row[0]), table.Columns[column], Value(row[column]), "");
        }

        return csv.ToString();
    }

    private static void Row(StringBuilder csv, params ReadOnlySpan<string> cells)
    {
        for (var index = 0; index < cells.Length; index++)
        {
            if (index > 0) csv.Append(',');
            if (cells[index].AsSpan().IndexOfAny(",\"\r\n") < 0) csv.Append(cells[index]);
            else csv.Append('"').Append(cells[index].Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }

        csv.Append('\n');
    }

    private static string Value(Cell cell) => cell.IsNumber ? cell.Text : Text(cell.Text);

    // A sheet takes these beginnings for a formula; names of tenants come from outside.
    private static string Text(string text) => text.Length > 0 && "=+-@\t\r".Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;
}
