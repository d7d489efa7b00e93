using System.Diagnostics;

namespace WhatsOps.Cli.Up;

/// <summary>A process by pid and start time: a pid alone may belong to somebody else by now.</summary>
internal sealed record RunningProcess(string Name, int Id, DateTimeOffset Started)
{
    public static RunningProcess Of(string name, Process process) => new(name, process.Id, process.StartTime.ToUniversalTime());

    /// <summary>The process, if it is still the same one.</summary>
    public Process? Find()
    {
        try
        {
            var process = Process.GetProcessById(Id);
            // The start time is computed from the boot time, which drifts by a clock tick between readings.
            if (Math.Abs((process.StartTime.ToUniversalTime() - Started.UtcDateTime).TotalSeconds) < 2) return process;
            process.Dispose();
            return null;
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
