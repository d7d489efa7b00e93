using System.CommandLine;
using WhatsOps.Cli.Local;
using WhatsOps.Cli.Output;
using WhatsOps.Cli.Tests;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops test [--faults]`: runs every test project that the script has built, and says the sum on the last line.</summary>
internal static class TestCommand
{
    public static Command Create()
    {
        var faults = new Option<bool>("--faults") { Description = "Also the long fault matrix: kill -9 at every point of every step, and restarts under load" };
        var command = new Command("test", "Build and run every test; the last line counts them") { faults };
        command.SetAction(async (parsed, cancellation) =>
        {
            var counts = TestCounts.None;
            try
            {
                await Prerequisites.InstallAsync(Repository.Root, Terminal.Line, cancellation);
                foreach (var project in TestProjects.All())
                    counts = counts.Plus(await TestRun.RunAsync(project, parsed.GetValue(faults), cancellation));
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                // The last line stays the count, whatever happened.
                Terminal.Problem(problem.Message, (problem as CliProblem)?.Fix);
                counts = counts.Plus(new TestCounts(0, 1, 0));
            }

            Terminal.Line(counts.ToString());
            return counts is { Failed: 0, Passed: > 0 } ? ExitCode.Ok : ExitCode.Problem;
        });
        return command;
    }
}
