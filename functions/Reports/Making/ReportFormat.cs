using System.Text.Encodings.Web;
using System.Text.Json;

namespace WhatsOps.Reports;

/// <summary>One way a report is written.</summary>
/// <param name="Name">Also the ending of its file.</param>
internal sealed record ReportFormat(string Name, string ContentType)
{
    public static readonly ReportFormat Json = new("json", "application/json; charset=utf-8");
    public static readonly ReportFormat Csv = new("csv", "text/csv; charset=utf-8");
    public static readonly ReportFormat Html = new("html", "text/html; charset=utf-8");

    private static readonly JsonSerializerOptions Readable = new(JsonSerializerOptions.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyList<ReportFormat> All { get; } = [Json, Csv, Html];

    public static ReportFormat? Find(string name) => All.FirstOrDefault(format => format.Name == name);

    public string Write(IReport report) => Name switch
    {
        "csv" => ReportCsv.Write(report.Layout()),
        "html" => ReportPage.Write(report.Layout()),
        _ => JsonSerializer.Serialize(report, report.GetType(), Readable) + "\n",
    };
}
