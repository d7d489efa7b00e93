using System.Globalization;
using System.Text.RegularExpressions;
using WhatsOps.Blobs;

namespace WhatsOps.Reports;

/// <summary>Reports in Blob Storage: <c>reports/{system}/{routine}/{date}T{time}.{format}</c>, date and time being those the report was due, in the system's zone.</summary>
internal sealed partial class ReportArchive(IBlobStore blobs)
{
    private const string Folder = "reports/";

    /// <summary>Writes all formats and gives the path without the ending. Writing twice gives one report.</summary>
    public async Task<string> StoreAsync(IReport report, string routine, DateTimeOffset due, TimeZoneInfo zone, CancellationToken cancellation)
    {
        var local = TimeZoneInfo.ConvertTime(due, zone);
        var path = string.Create(CultureInfo.InvariantCulture, $"{Folder}{report.Head.System}/{routine}/{local:yyyy-MM-dd}T{local:HHmm}");
        foreach (var format in ReportFormat.All)
            await blobs.PutAsync($"{path}.{format.Name}", BinaryData.FromString(format.Write(report)), format.ContentType, overwrite: true, cancellation);
        return path;
    }

    /// <summary>What is stored, newest first, one entry per report.</summary>
    /// <param name="system">Null: of all systems.</param>
    public async Task<IReadOnlyList<StoredReport>> ListAsync(string? system, CancellationToken cancellation)
    {
        var paths = await blobs.ListAsync(system is null ? Folder : $"{Folder}{system}/", cancellation);
        return
        [
            .. paths.Select(path => Stored().Match(path)).Where(match => match.Success)
                .GroupBy(match => (System: match.Groups["system"].Value, Routine: match.Groups["routine"].Value, At: match.Groups["at"].Value))
                .OrderByDescending(group => group.Key.At, StringComparer.Ordinal).ThenBy(group => group.Key.System, StringComparer.Ordinal).ThenBy(group => group.Key.Routine, StringComparer.Ordinal)
                .Select(group => new StoredReport(group.Key.System, group.Key.Routine, group.Key.At, [.. group.Select(match => match.Groups["format"].Value).Order(StringComparer.Ordinal)])),
        ];
    }

    /// <summary>Null: there is no such report, or the name is none of a report.</summary>
    public async Task<(BinaryData Content, ReportFormat Format)?> FindAsync(string system, string routine, string file, CancellationToken cancellation)
    {
        var path = $"{Folder}{system}/{routine}/{file}";
        if (Stored().Match(path) is not { Success: true } match || ReportFormat.Find(match.Groups["format"].Value) is not { } format) return null;
        return await blobs.FindAsync(path, cancellation) is { } content ? (content, format) : null;
    }

    [GeneratedRegex(@"^reports/(?<system>[a-z][a-z0-9-]*)/(?<routine>[a-z][a-z0-9-]*)/(?<at>\d{4}-\d{2}-\d{2}T\d{4})\.(?<format>[a-z]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Stored();
}
