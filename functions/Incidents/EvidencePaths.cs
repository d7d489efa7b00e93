using System.Globalization;
using System.Text.RegularExpressions;

namespace WhatsOps.Incidents;

/// <summary>Where the evidence of incidents is: <c>incidents/SYSTEM/ID/</c>.</summary>
internal static partial class EvidencePaths
{
    public static string IdOf(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>False: it names no evidence, whatever it is a path to.</summary>
    public static bool IsId(string text) => Id().IsMatch(text);

    /// <summary>False: no system can have that name. One that is no longer in the fleet keeps its evidence.</summary>
    public static bool IsSystem(string text) => SystemName().IsMatch(text);

    public static string Archive(string system, string id) => $"incidents/{system}/{id}/evidence.tar.gz";

    public static string Manifest(string system, string id) => $"incidents/{system}/{id}/manifest.json";

    [GeneratedRegex(@"^\d{8}T\d{6}Z\z", RegexOptions.CultureInvariant)]
    private static partial Regex Id();

    // As the fleet file takes them.
    [GeneratedRegex(@"^[a-z][a-z0-9-]{0,39}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SystemName();
}
