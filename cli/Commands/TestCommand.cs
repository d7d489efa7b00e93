using System.CommandLine;
using WhatsOps.Cli.Local;
using WhatsOps.Cli.Output;
using WhatsOps.Cli.Tests;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops test [--faults]`: runs every test project that the script has built, and says the sum on the last line, after what the fault tests counted.</summary>
internal static class TestCommand
{
    public static Command Create()
    {
        var faults = new Option<bool>("--faults") { Description = "Also the long fault matrix: every runbook at all three moments of every step, not only the reset; kill -9 at every moment of the reset; 50 kills and restarts under load" };
        var command = new Command("test", "Build and run every test; the last line counts them") { faults };
        command.SetAction(async (parsed, cancellation) =>
        {
            var counts = TestCounts.None;
            var faultLines = new List<string>();
            try
            {
                await Prerequisites.InstallAsync(Repository.Root, Terminal.Line, cancellation);
                foreach (var project in TestProjects.All())
                {
                    var (more, lines) = await TestRun.RunAsync(project, parsed.GetValue(faults), cancellation);
                    counts = counts.Plus(more);
                    faultLines.AddRange(lines);
                }
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                // The last line stays the count, whatever happened.
                Terminal.Problem(problem.Message, (problem as CliProblem)?.Fix);
                counts = counts.Plus(new TestCounts(0, 1, 0));
            }

            if (faultLines.Count > 0) Terminal.Title("Faults:");
            foreach (var line in faultLines) Terminal.LongLine("  " + line);
            Terminal.Line(counts.ToString());
            return counts is { Failed: 0, Passed: > 0 } ? ExitCode.Ok : ExitCode.Problem;
        });
        return command;
    }
}
