using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace WhatsOps.Benchmarks;

/// <summary>A result as one JSON object on a line, or as a table for people.</summary>
internal static class BenchmarkReport
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public static string Json(BenchmarkResult result) => JsonSerializer.Serialize(result, Web);

    public static void Print(BenchmarkResult result)
    {
        var table = new Table().Border(TableBorder.Simple).HideHeaders().AddColumn("").AddColumn(new TableColumn("").RightAligned());
        AnsiConsole.WriteLine($"{result.Name}: {result.Unit}");
        table.AddRow("ours", Number(result.Ours));
        AddRows(table, "baseline ", result.Baselines);
        AddRows(table, "ratio ", result.Ratios);
        AddRows(table, "goal ", result.Goals);
        AddRows(table, "", result.Details);
        table.AddRow("goals met", result.Met ? "yes" : "NO");
        AnsiConsole.Write(table);
    }

    private static void AddRows(Table table, string prefix, IReadOnlyDictionary<string, double> values)
    {
        foreach (var (name, value) in values) table.AddRow(Markup.Escape(prefix + name), Number(value));
    }

    private static string Number(double value) =>
        value.ToString(Math.Abs(value) >= 100 ? "N0" : "0.###", CultureInfo.InvariantCulture);
}
