using System.Text.Json;
using System.Text.Json.Serialization;

namespace WhatsOps.Audits;

/// <summary>The list of known-bad gateway versions that is shipped as data (<c>known-gateway-versions.json</c>).</summary>
internal static class KnownVersions
{
    private const string Resource = "WhatsOps.Audits.known-gateway-versions.json";

    // Before All, which is made with it. A misspelt member of the list must not be overlooked.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    public static IReadOnlyList<KnownVersion> All { get; } = Load();

    /// <summary>What is known of a version, worst first; null when it is no version at all.</summary>
    public static IReadOnlyList<KnownVersion>? Of(string version) => Parse(version) is not { } number
        ? null
        : [.. All.Where(known => known.From <= number && number <= known.To).OrderByDescending(known => known.Severity)];

    // 2.3.6, v2.3.6, 2.3.7-rc.1, 2.4: a pre-release counts as its release.
    private static Version? Parse(string version)
    {
        var plain = version.Trim().TrimStart('v', 'V').Split('-', '+')[0];
        if (!plain.Contains('.', StringComparison.Ordinal)) plain += ".0";
        return Version.TryParse(plain, out var number) ? new(number.Major, number.Minor, Math.Max(number.Build, 0)) : null;
    }

    private static IReadOnlyList<KnownVersion> Load()
    {
        using var json = typeof(KnownVersions).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"{Resource} is not in the assembly.");
        return JsonSerializer.Deserialize<List<KnownVersion>>(json, Json)!;
    }
}
