using System.Globalization;
using System.Text;

namespace WhatsOps.Reports;

/// <summary>Charts as inline SVG: colours come from the page, so that they fit light, dark and paper; each value also stands there as text.</summary>
internal static class ReportSvg
{
    private const int Width = 720;
    private const int Row = 24;
    private const int Label = 190;
    private const int Figure = 80;
    private const int Height = 180;
    private const int Foot = 22;

    public static string Draw(ReportChart chart)
    {
        if (chart.Points.Count == 0) return "";
        var most = Math.Max(chart.Most ?? chart.Points.Max(point => point.Value), 0.0001m);
        return chart.Kind == ChartKind.Bars ? Bars(chart, most) : Columns(chart, most);
    }

    private static string Bars(ReportChart chart, decimal most)
    {
        var svg = Begin(chart, chart.Points.Count * Row);
        for (var index = 0; index < chart.Points.Count; index++)
        {
            var (point, y) = (chart.Points[index], index * Row);
            var width = Math.Max(1, point.Value / most * (Width - Label - Figure));
            Append(svg, $"<text x=\"{Label - 8}\" y=\"{y + 16}\" text-anchor=\"end\">{ReportText.Safe(Short(point.Label))}</text>");
            Append(svg, $"<rect class=\"bar\" x=\"{Label}\" y=\"{y + 4}\" width=\"{width:0.#}\" height=\"{Row - 8}\"><title>{ReportText.Safe(point.Label)}: {point.Value:0.##} {ReportText.Safe(chart.Unit)}</title></rect>");
            Append(svg, $"<text x=\"{Label + width + 6:0.#}\" y=\"{y + 16}\">{point.Value:0.##}</text>");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static string Columns(ReportChart chart, decimal most)
    {
        var svg = Begin(chart, Height + Foot);
        var step = (decimal)Width / chart.Points.Count;
        // One label in so many, about 70 pixels each.
        var every = Math.Max(1, (int)Math.Ceiling(70 / step));
        for (var index = 0; index < chart.Points.Count; index++)
        {
            var (point, x) = (chart.Points[index], index * step);
            var (height, part) = (point.Value / most * (Height - 10), point.Part / most * (Height - 10));
            var title = $"{ReportText.Safe(point.Label)}: {point.Value.ToString("0.##", CultureInfo.InvariantCulture)} {ReportText.Safe(chart.Unit)}"
                + (chart.PartName is { } name ? $", {point.Part.ToString("0.##", CultureInfo.InvariantCulture)} {ReportText.Safe(name)}" : "");
            Append(svg, $"<rect class=\"bar\" x=\"{x + 1:0.#}\" y=\"{Height - height:0.#}\" width=\"{Math.Max(1, step - 2):0.#}\" height=\"{height - part:0.#}\"><title>{title}</title></rect>");
            if (part > 0) Append(svg, $"<rect class=\"part\" x=\"{x + 1:0.#}\" y=\"{Height - part:0.#}\" width=\"{Math.Max(1, step - 2):0.#}\" height=\"{part:0.#}\"><title>{title}</title></rect>");
            if (index % every == 0) Append(svg, $"<text x=\"{x + step / 2:0.#}\" y=\"{Height + 16}\" text-anchor=\"middle\">{ReportText.Safe(Day(point.Label))}</text>");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static StringBuilder Begin(ReportChart chart, int height)
    {
        var svg = new StringBuilder();
        Append(svg, $"<svg viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"{ReportText.Safe(chart.Title)}\">");
        return svg;
    }

    private static void Append(StringBuilder svg, FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture));

    private static string Short(string label) => label.Length <= 26 ? label : label[..25] + "…";

    // Year and dash away: 2026-03-01 is 03-01.
    private static string Day(string label) => label.Length == 10 ? label[5..] : Short(label);
}
