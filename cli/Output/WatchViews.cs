using System.Globalization;
using WhatsOps.Cli.Api;

namespace WhatsOps.Cli.Output;

/// <summary>What is watched as a table.</summary>
internal static class WatchViews
{
    public static void Print(IEnumerable<WatchTargetView> targets) => Terminal.Table(
        ["system", "target", "seen", "24 h", "p99", "what it says"],
        targets.Select(target => (string[])[target.System, target.Target, target.Outcome ?? "not yet", Percent(target.Availability), Seconds(target.P99), target.Words ?? "-"]));

    public static string Percent(double? value) => value is { } known ? known.ToString("0.0#", CultureInfo.InvariantCulture) + " %" : "-";

    private static string Seconds(double? value) => value is { } known ? known.ToString("0.000", CultureInfo.InvariantCulture) + " s" : "-";
}
