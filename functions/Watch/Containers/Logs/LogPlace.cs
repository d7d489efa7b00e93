using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Where lines come from, as measures and sentences name it.</summary>
/// <param name="Metrics">What its metrics begin with.</param>
/// <param name="Name">As a sentence begins, e.g. <c>The log of container api</c>.</param>
/// <param name="Next">The command that shows the lines of so long a time.</param>
internal sealed record LogPlace(string Metrics, string Name, Func<TimeSpan, string> Next)
{
    public static LogPlace Of(ContainerReference container) =>
        new("container.log", $"The log of container {container.Container}", span => $"docker logs --since {(int)span.TotalSeconds + 60}s {container.Container}");

    public static LogPlace Of(LogFileTarget target) =>
        new("log", $"The log file {target.Path} of container {target.Container.Container}", _ => $"docker exec {target.Container.Container} tail -n 100 {target.Path}");
}
