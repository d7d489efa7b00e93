using System.Diagnostics;
using WhatsOps.Cli.Local;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Tests;

/// <summary>Runs one test program after the other; two at once on two cores would only measure each other.</summary>
internal static class TestRun
{
    // Nothing may hang a build machine. Meant to take under 10 minutes, with faults under 20; a loaded machine may take twice as long.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(40);

    /// <returns>The counts, and what the fault tests counted.</returns>
    public static async Task<(TestCounts Counts, IReadOnlyList<string> Faults)> RunAsync(TestProject project, bool faults, CancellationToken cancellation)
    {
        Terminal.Title($"Tests: {project.Name}");
        var report = Path.Combine(Repository.LocalFolder, "tests", $"{project.Name}.xml");
        Directory.CreateDirectory(Path.GetDirectoryName(report)!);
        File.Delete(report);
        var clock = Stopwatch.StartNew();
        var start = new ProcessStartInfo(Repository.DotNet) { UseShellExecute = false, RedirectStandardInput = true };
        foreach (var argument in (string[])[project.Program, "-noLogo", "-noColor", "-longRunning", "60", "-result-xml", report]) start.ArgumentList.Add(argument);
        if (faults) start.Environment["WHATSOPS_FAULTS"] = "full";
        using var process = ChildProcess.Start(start);
        process.StandardInput.Close();
        var code = await WaitAsync(process, cancellation);
        await StopServersOfAsync(process.Id);
        var counts = TestCounts.Read(report, code);
        if (code is not (0 or 1)) Terminal.Error($"The test program of {project.Name} ended with {code}.");
        Terminal.Line($"{project.Name}: {counts} in {clock.Elapsed.TotalSeconds:0} s");
        return (counts, FaultLines.Read(report));
    }

    private static async Task<int> WaitAsync(Process process, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            if (!cancellation.IsCancellationRequested) Terminal.Error($"The tests took more than {Limit.TotalMinutes:0} minutes and were ended.");
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            await StopServersOfAsync(process.Id);
            cancellation.ThrowIfCancellationRequested();
        }

        return process.ExitCode;
    }

    // PostgreSQL detaches from its starter, so a test program that was killed leaves its servers running.
    private static async Task StopServersOfAsync(int testProcess)
    {
        var home = Path.Combine(Path.GetTempPath(), $"whatsops-tests-{testProcess}");
        if (!Directory.Exists(home)) return;
        foreach (var cluster in Directory.GetDirectories(home)) await LocalPostgres.StopLeftoverAsync(Path.Combine(cluster, "data"), CancellationToken.None);
        SlowDeletion.Start(home);
    }
}
