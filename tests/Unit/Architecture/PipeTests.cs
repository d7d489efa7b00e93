using System.Text.RegularExpressions;

namespace WhatsOps.Tests.Unit.Architecture;

/// <summary>The folders of functions/ are the stations of the pipe; each may know only the ones before it.</summary>
public sealed partial class PipeTests
{
    private static readonly string[] Stations =
        ["Database", "Blobs", "Fleet", "Telemetry", "Containers", "Gateways", "Findings", "Routines", "Events", "Health", "Watch", "Audits", "Diagnosis", "Alerts", "Runbooks", "Backups", "Retention", "Reports", "Checklists", "Incidents", "Privacy", "Console"];

    public static TheoryData<string> Folders() => [.. Directory.GetDirectories(Sources.Functions).Select(Path.GetFileName).OfType<string>()
        .Where(name => name is not ("bin" or "obj" or "Properties"))];

    [Theory, MemberData(nameof(Folders))]
    public void A_station_knows_only_the_stations_before_it(string folder)
    {
        var position = Array.IndexOf(Stations, folder);
        Assert.True(position >= 0, $"functions/{folder} is no station of the pipe.");

        var upwards = Sources.CSharpIn(Path.Combine(Sources.Functions, folder))
            .SelectMany(file => Used().Matches(File.ReadAllText(file)).Select(match => (file, station: match.Groups[1].Value)))
            .Where(use => Array.IndexOf(Stations, use.station) > position)
            .Select(use => $"{Path.GetRelativePath(Sources.Functions, use.file)} uses WhatsOps.{use.station}");

        Assert.Empty(upwards);
    }

    [Fact]
    public void The_app_compiles_for_both_hosts_from_one_source()
    {
        var conditional = Sources.CSharpIn(Sources.Functions).Where(file => File.ReadLines(file).Any(line => line.TrimStart().StartsWith("#if ", StringComparison.Ordinal)));
        Assert.Empty(conditional);
    }

    [GeneratedRegex(@"\bWhatsOps\.([A-Z][A-Za-z]+)\b")]
    private static partial Regex Used();
}
