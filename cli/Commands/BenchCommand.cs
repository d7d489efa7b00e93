using System.CommandLine;
using System.Diagnostics;
using WhatsOps.Cli.Local;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops bench [NAME] [--json]`: measures ours beside the baselines; the programs are tests/Benchmarks.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("name") { Description = "backup, engine, ingest, reports, scale, start, sweep or watch; all of them when absent", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "One JSON object per benchmark on standard output" };
        var command = new Command("bench", "Measure WhatsOps beside its baselines; exit code 1 when a goal is missed") { name, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            string?[] arguments = [parsed.GetValue(name), parsed.GetValue(json) ? "--json" : null];
            var start = new ProcessStartInfo(Repository.DotNet) { UseShellExecute = false };
            start.ArgumentList.Add(Repository.Binary("tests/Benchmarks", "WhatsOps.Benchmarks"));
            foreach (var argument in arguments.OfType<string>()) start.ArgumentList.Add(argument);
            using var process = ChildProcess.Start(start);
            try
            {
                await process.WaitForExitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                // It got the signal too, if it came from the terminal, and stops its servers itself.
                ProcessSignals.Terminate(process);
                await process.WaitForExitAsync(CancellationToken.None);
                throw;
            }

            return process.ExitCode;
        });
        return command;
    }
}
