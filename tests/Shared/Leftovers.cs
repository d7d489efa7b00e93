using System.Diagnostics;
using System.Globalization;
using WhatsOps.Cli.Local;

namespace WhatsOps.Tests.Shared;

/// <summary>What test processes that were killed left behind: their servers are stopped and their folders deleted, before they fill the disk or the memory.</summary>
internal static class Leftovers
{
    private const string Prefix = "whatsops-tests-";

    public static async Task RemoveAsync(params string[] places)
    {
        foreach (var folder in places.Where(Directory.Exists).SelectMany(place => Directory.GetDirectories(place, $"{Prefix}*")))
        {
            if (!int.TryParse(Path.GetFileName(folder)[Prefix.Length..].Split('.')[0], CultureInfo.InvariantCulture, out var process) || IsAlive(process)) continue;
            try
            {
                foreach (var home in (string[])[folder, .. Directory.GetDirectories(folder)]) await LocalPostgres.StopLeftoverAsync(Path.Combine(home, "data"), CancellationToken.None);
                await LocalContainers.RemoveLeftoversAsync(Path.Combine(folder, "containers"), CancellationToken.None);
                SlowDeletion.Start(folder);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                // Of another user, or somebody else deletes it right now.
                Console.WriteLine($"{folder} of an earlier run stays: {problem.Message}");
            }
        }
    }

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
