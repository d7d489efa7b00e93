using System.Diagnostics;
using System.Reflection;

namespace WhatsOps.Tests.Unit.Infra;

/// <summary>The Bicep compiler from its package: compiles, lints, and evaluates a template for a parameter file without Azure (a snapshot).</summary>
internal static class Bicep
{
    // Any subscription will do: nothing is asked of it.
    private const string Subscription = "11111111-1111-1111-1111-111111111111";

    private static readonly string? Program = typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(item => item.Key == "Bicep")?.Value;

    /// <summary>Why no template is tested here; null where they are.</summary>
    public static string? Absent => Program is null ? "The templates are not tested on this machine: the package of the Bicep compiler is the one for Linux on x64." : null;

    public static Task<BicepAnswer> BuildAsync(string file) => RunAsync(file, "build", file, "--stdout");

    /// <summary>The predicted resources and outputs are in the answer's text.</summary>
    public static async Task<BicepAnswer> SnapshotAsync(string parameters, params string[] arguments)
    {
        var answer = await RunAsync(parameters, ["snapshot", parameters, "--mode", "overwrite", "--subscription-id", Subscription, .. arguments]);
        var file = Path.ChangeExtension(parameters, ".snapshot.json");
        return File.Exists(file) ? answer with { Text = await File.ReadAllTextAsync(file) } : answer;
    }

    private static async Task<BicepAnswer> RunAsync(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetDirectoryName(file) };
        // What the sample fleet refers to: every one of them must become a reference into the vault.
        start.Environment["WHATSOPS_FLEET_SECRETS"] = "EVOLUTION_API_KEY,REVALYA_DATABASE,SMTP_PASSWORD";
        start.Environment["WHATSOPS_ADMIN_ADDRESSES"] = "203.0.113.7";
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEndAsync();
        var words = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await text, words.Trim());
    }
}
