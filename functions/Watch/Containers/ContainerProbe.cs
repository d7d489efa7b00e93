using Docker.DotNet.Models;
using WhatsOps.Containers;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>
/// Looks at containers over their engine: life, use, ports, user, image, log, environment. What the engine refuses
/// to tell, as a proxy before it may, is a trouble of its own; the rest is told.
/// </summary>
internal sealed class ContainerProbe(ContainerHost containers, ContainerLogs logs, TimeProvider time) : IProbe
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    public IEnumerable<Look> LooksAt(FleetSystem system) => (system.Watch?.Containers ?? []).Select(target =>
        new Look(NameOf(target), TimeSpan.FromSeconds(target.EverySeconds), Look.UsualPatience, cancellation => ReadAsync(system.Name, target, cancellation)));

    public static string NameOf(ContainerTarget target) => "container/" + target.Name;

    private async Task<Reading> ReadAsync(string system, ContainerTarget target, CancellationToken cancellation)
    {
        var reference = target.Container;
        try
        {
            if (await containers.InspectAsync(reference, cancellation) is not { } container)
                return Reading.Absent($"The engine at {reference.Engine} has no container {reference.Container}. Fix: docker ps -a lists the names.");

            var measures = new List<Measure> { ContainerPorts.Measure(container) };
            var troubles = new List<Trouble>([.. ContainerCondition.Troubles(target, container), .. ContainerPorts.Troubles(target, container), .. ContainerEnvironment.Troubles(target, container)]);
            var now = time.GetUtcNow();
            if (container.State?.Running == true) await PartAsync("use", "use of processor, memory and network", async () => now = await UseAsync(reference, container, measures, cancellation));
            measures.AddRange(ContainerCondition.Measures(container, now));
            if (target.ImageDays > 0) await PartAsync("image", "age of the image", () => ImageAsync(target, container, now, measures, troubles, cancellation));
            if (target.Logs) await PartAsync("log", "log", () => LogAsync(system, target, container, now, measures, troubles, cancellation));
            return Reading.Seen(ContainerCondition.Words(container), measures, troubles);

            async Task PartAsync(string subject, string what, Func<Task> read)
            {
                try
                {
                    await read();
                }
                catch (ContainerException problem)
                {
                    troubles.Add(new(TroubleKinds.NotObservable, Severity.Low, $"The {what} of container {reference.Container} cannot be had: {problem.Message}") { Subject = subject });
                }
            }
        }
        catch (ContainerException problem)
        {
            return problem.IsRefused ? Reading.Unauthorized(problem.Message) : Reading.Unreachable(problem.Message);
        }
    }

    // The engine's own clock comes with it: it stamps the lines of the log.
    private async Task<DateTimeOffset> UseAsync(ContainerReference reference, ContainerInspectResponse container, List<Measure> measures, CancellationToken cancellation)
    {
        var before = await containers.StatsAsync(reference, cancellation);
        await Task.Delay(Between, time, cancellation);
        var after = await containers.StatsAsync(reference, cancellation);
        measures.AddRange(ContainerUse.Measures(container, before, after));
        return new(DateTime.SpecifyKind(after.Read, DateTimeKind.Utc));
    }

    private async Task ImageAsync(ContainerTarget target, ContainerInspectResponse container, DateTimeOffset now, List<Measure> measures, List<Trouble> troubles, CancellationToken cancellation)
    {
        var name = target.Container.Container;
        if (await containers.ImageMadeAsync(target.Container, container.Image, cancellation) is not { } made)
        {
            troubles.Add(new(TroubleKinds.NotObservable, Severity.Low, $"The image of container {name} does not say when it was made, or is not there any more. Fix: docker image inspect {container.Config?.Image}.") { Subject = "image" });
            return;
        }

        var days = Math.Max(0, (now - made).TotalDays);
        measures.Add(new("container.image.age.days", days));
        if (days > target.ImageDays)
            troubles.Add(new(TroubleKinds.Misconfigured, Severity.Low, $"The image of container {name} is {(int)days} days old, more than {target.ImageDays}. Fix: take its newest version, with a backup before.") { Subject = "image" });
    }

    private async Task LogAsync(string system, ContainerTarget target, ContainerInspectResponse container, DateTimeOffset now, List<Measure> measures, List<Trouble> troubles, CancellationToken cancellation)
    {
        var (counts, found) = await logs.ReadAsync(system, NameOf(target), target.Container, now, cancellation);
        measures.AddRange(counts);
        troubles.AddRange(found);
        // The first thing that a person would look at: its last words.
        if (troubles.FindIndex(trouble => trouble is { Kind: TroubleKinds.Unhealthy, Subject: "state" or "health" }) is >= 0 and var index)
            troubles[index] = troubles[index] with { Evidence = await logs.LastAsync(target.Container, cancellation) };
    }
}
