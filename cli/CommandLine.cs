using System.CommandLine;
using System.ComponentModel;
using System.Runtime.InteropServices;
using WhatsOps.Cli.Commands;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli;

/// <summary>Parses the arguments, runs the command, and turns problems into a sentence and an exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = Build();
        if (args is [] or ["help"]) args = ["--help"];
        else if (args is ["help", .. var rest]) args = [.. rest, "--help"];
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) Terminal.Error(error.Message);
            Terminal.Error("Fix: ./whatsops help lists the commands, ./whatsops help COMMAND explains one.");
            return ExitCode.Usage;
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = Cancel(PosixSignal.SIGINT, stop);
        using var terminate = Cancel(PosixSignal.SIGTERM, stop);
        using var hangUp = Cancel(PosixSignal.SIGHUP, stop);
        try
        {
            // Signals are ours: `up` needs longer than the library's two seconds to stop what it started.
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token);
        }
        catch (CliProblem problem)
        {
            Terminal.Problem(problem.Message, problem.Fix);
            return ExitCode.Problem;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Problem;
        }
        catch (Exception problem) when (problem is InvalidOperationException or IOException or UnauthorizedAccessException or TimeoutException
            or HttpRequestException or Npgsql.NpgsqlException or Win32Exception)
        {
            Terminal.Problem(problem.Message, null);
            return ExitCode.Problem;
        }
    }

    internal static RootCommand Build() => new(
        """
        WhatsOps finds what is wrong with a fleet of WhatsApp gateways, says why, repairs it and proves the repair.

        Start here:  ./whatsops up      runs everything on a simulated fleet, nothing else needed
                     ./whatsops test    runs every test

        Exit codes: 0 all is well, 1 a problem (standard error says which, and the fix), 2 the command line was not understood.
        Commands that talk to a running WhatsOps find it by --url and --key, or WHATSOPS_URL and WHATSOPS_KEY, or a running ./whatsops up.
        """)
    {
        UpCommand.Create(), DownCommand.Create(), TestCommand.Create(), BenchCommand.Create(), DoctorCommand.Create(),
        PauseCommand.Create(), ResumeCommand.Create(), SweepCommand.Create(), FindingsCommand.Create(), DeliveriesCommand.Create(), RunbooksCommand.Create(), RoutinesCommand.Create(), WatchCommand.Create(), FleetCommand.Create(),
        OperatorCommand.Create(), TenantCommand.Create(), DiagnoseCommand.Create(), ReportCommand.Create(), TasksCommand.Create(), EraseCommand.Create(), BackupCommand.Create(), BackupsCommand.Create(), RestoreCommand.Create(),
    };

    private static PosixSignalRegistration Cancel(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
}
