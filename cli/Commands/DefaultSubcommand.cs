using System.CommandLine;

namespace WhatsOps.Cli.Commands;

/// <summary>What a command does when none of its subcommands is named.</summary>
internal static class DefaultSubcommand
{
    /// <summary>Adds the subcommand, and takes its options and what it does for the command itself: `whatsops findings` is `whatsops findings list`.</summary>
    public static void AddDefault(this Command command, Command subcommand)
    {
        foreach (var option in subcommand.Options) command.Options.Add(option);
        command.Action = subcommand.Action;
        command.Subcommands.Add(subcommand);
    }
}
