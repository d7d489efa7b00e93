using System.CommandLine;
using WhatsOps.Cli.Up;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops up`: the whole loop on a simulated fleet, or a host on a real one.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var fleet = new Option<FileInfo>("--fleet") { Description = "Run against real systems: your fleet file. Observes only, until its policies say otherwise" };
        fleet.AcceptExistingOnly();
        var postgres = new Option<string?>("--postgres") { Description = "Your own PostgreSQL (or WHATSOPS_POSTGRES, which no process list shows): a connection string" };
        var blobs = new Option<string?>("--blobs") { Description = "Your own blob storage (or WHATSOPS_BLOBS): a connection string" };
        var port = new Option<int?>("--port") { Description = "Loopback port to listen on; 7071, or a free one when that is taken" };
        var once = new Option<bool>("--once") { Description = "End after the loop: exit code 0 when all of it happened, 1 otherwise" };
        var command = new Command("up", "Run WhatsOps here: on a simulated fleet of 40 tenants, or with --fleet on yours") { fleet, postgres, blobs, port, once };
        command.SetAction((parsed, cancellation) => UpRun.RunAsync(
            new UpSettings(
                parsed.GetValue(fleet)?.FullName,
                parsed.GetValue(postgres) ?? Variable("WHATSOPS_POSTGRES"),
                parsed.GetValue(blobs) ?? Variable("WHATSOPS_BLOBS"),
                parsed.GetValue(port),
                parsed.GetValue(once)),
            cancellation));
        return command;
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
