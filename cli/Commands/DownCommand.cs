using System.CommandLine;
using WhatsOps.Cli.Output;
using WhatsOps.Cli.Up;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops down`: ends a running `up`, or what a crashed one left behind.</summary>
internal static class DownCommand
{
    public static Command Create()
    {
        var data = new Option<bool>("--data") { Description = "Also delete the databases, blobs, keys and logs of up" };
        var command = new Command("down", "Stop what ./whatsops up started, also after a crash") { data };
        command.SetAction(async (parsed, cancellation) =>
        {
            var stopped = await Leftovers.StopAsync(cancellation);
            foreach (var name in stopped) Terminal.Line($"stopped {name}");
            if (parsed.GetValue(data)) Leftovers.DeleteData();
            Terminal.Line(stopped.Count == 0 ? "Nothing was running." : "Everything is stopped.");
            return ExitCode.Ok;
        });
        return command;
    }
}
