using System.Globalization;
using System.Net;

namespace WhatsOps.Reports;

/// <summary>Words of reports: times, and text that is safe on a page.</summary>
internal static class ReportText
{
    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    public static string Safe(string text) => WebUtility.HtmlEncode(text);
}
