using System.Globalization;
using Spectre.Console;

namespace WhatsOps.Cli.Output;

/// <summary>Everything the command prints. Colours and line editing only on a terminal that has not said NO_COLOR.</summary>
internal static class Terminal
{
    private static readonly IAnsiConsole Out = Create();

    public static void Line(string text = "") => Out.WriteLine(text);

    /// <summary>A line that stays one, however long: it is searched, not only read.</summary>
    public static void LongLine(string text) => Console.Out.WriteLine(text);

    /// <summary>A line with Spectre markup; escape what comes from outside with <see cref="Escape"/>.</summary>
    public static void Markup(string markup) => Out.MarkupLine(markup);

    public static void Title(string text)
    {
        Out.WriteLine();
        Out.MarkupLine($"[bold]{Escape(text)}[/]");
    }

    public static void Error(string text) => Console.Error.WriteLine(text);

    public static void Problem(string sentence, string? fix)
    {
        Console.Error.WriteLine(sentence);
        if (fix is not null) Console.Error.WriteLine($"Fix: {fix}");
    }

    /// <summary>A table; cells are plain text. The last column takes the remaining width.</summary>
    public static void Table(IEnumerable<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns) table.AddColumn(new TableColumn($"[bold]{Escape(column)}[/]"));
        foreach (var row in rows) table.AddRow([.. row.Select(cell => new Text(cell, Style(cell)))]);
        Out.Write(table);
    }

    public static string Escape(string? text) => Spectre.Console.Markup.Escape(text ?? "");

    public static string Time(DateTimeOffset? at) =>
        at is null ? "" : at.Value.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static Style Style(string cell) => cell switch
    {
        "critical" or "high" or "failed" or "unhealthy" => new Style(Color.Red),
        "medium" or "degraded" or "waiting" or "warning" => new Style(Color.Yellow),
        "ok" or "healthy" or "done" or "completed" => new Style(Color.Green),
        _ => Spectre.Console.Style.Plain,
    };

    private static IAnsiConsole Create()
    {
        var plain = Console.IsOutputRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(Console.Out),
        });
        // A pipe has no width: logs are read with wide windows, and a finding's sentence should not be cut into five lines.
        if (Console.IsOutputRedirected) console.Profile.Width = 180;
        return console;
    }
}
