using System.Globalization;
using Docker.DotNet.Models;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>What an engine says of a container's life: running, health, restarts, how it ended, who it runs as .</summary>
internal static class ContainerCondition
{
    // 128 + 9. Not every engine says that it was the memory.
    private const int Killed = 137;

    /// <summary>One sentence.</summary>
    public static string Words(ContainerInspectResponse container) => container.State switch
    {
        null => "The engine does not say how it is.",
        { Running: false } state => $"It does not run: {End(state)}.",
        var state when Health(state) is { } health => $"It runs; its health check says {health}.",
        _ => "It runs; it has no health check.",
    };

    /// <summary>What its health check says, with the newest answer of a failing one.</summary>
    public static string HealthWords(ContainerInspectResponse container) => (container.State is { } state ? Health(state) : null) switch
    {
        null => "it has no health check",
        "unhealthy" when container.State!.Health!.Log?.LastOrDefault()?.Output is { Length: > 0 } output => $"unhealthy, {container.State.Health.FailingStreak} times in a row: {LogLines.Shown(new(default, output.Trim())).Text}",
        { } health => health,
    };

    /// <summary>How often its engine started it again, since when it runs, and how it ended before.</summary>
    public static string RestartWords(ContainerInspectResponse container, DateTimeOffset now) =>
        $"{container.RestartCount}{(container.State?.Running == true && Time(container.State.StartedAt) is { } started ? $", up for {MemoryTrend.Time(now > started ? now - started : TimeSpan.Zero)}" : ", not running")}{container.State switch { { OOMKilled: true } => "; killed for want of memory", { ExitCode: Killed } => "; killed before, often for want of memory", _ => "" }}";

    /// <param name="now">By the engine's clock.</param>
    public static IEnumerable<Measure> Measures(ContainerInspectResponse container, DateTimeOffset now)
    {
        var running = container.State?.Running == true;
        yield return new("container.running", running ? 1 : 0);
        yield return new("container.restarts", container.RestartCount);
        if (running && Time(container.State!.StartedAt) is { } started) yield return new("container.uptime.seconds", Math.Max(0, (now - started).TotalSeconds));
        if (running && Health(container.State!) is "healthy" or "unhealthy") yield return new("container.healthy", Health(container.State!) == "healthy" ? 1 : 0);
        if (!running && Time(container.State?.FinishedAt) is not null) yield return new("container.exit.code", container.State!.ExitCode);
    }

    public static IEnumerable<Trouble> Troubles(ContainerTarget target, ContainerInspectResponse container)
    {
        var name = target.Container.Container;
        if (container.State is not { } state)
        {
            yield return new(TroubleKinds.NotObservable, Severity.Low, $"The engine does not say whether container {name} runs. Fix: docker inspect {name}.");
            yield break;
        }

        if (!state.Running) yield return new(TroubleKinds.Unhealthy, Severity.Critical, $"Container {name} does not run: {End(state)}. Its last lines stand beside this. Fix, if they name nothing else: docker start {name}.") { Subject = "state" };
        else if (state.Restarting) yield return new(TroubleKinds.Unhealthy, Severity.High, $"Container {name} restarts again and again. Next: docker logs --tail 50 {name}.") { Subject = "state" };
        else if (state.Paused) yield return new(TroubleKinds.Unhealthy, Severity.High, $"Container {name} is paused, so it answers nobody. Fix: docker unpause {name}.") { Subject = "state" };

        if (state.OOMKilled) yield return new(TroubleKinds.Unhealthy, Severity.High, $"Container {name} was killed because it wanted more memory than its limit. Fix: raise the limit, or find the leak.") { Subject = "memory" };

        // docker answers nothing for a container without a check, podman an empty status.
        if (state.Running && Health(state) is var health and not ("healthy" or "starting"))
            yield return health == "unhealthy"
                ? new(TroubleKinds.Unhealthy, Severity.High, $"The health check of container {name} fails, {state.Health!.FailingStreak} times in a row. Its last lines stand beside this. Fix, if they name nothing else: docker restart {name}.") { Subject = "health" }
                : new(TroubleKinds.NotObservable, Severity.Low, $"Container {name} has no health check: that its process lives is all that is known. Fix: give it a HEALTHCHECK.") { Subject = "health" };

        if (target.MustNotBeRoot && IsRoot(container.Config?.User))
            yield return new(TroubleKinds.Misconfigured, Severity.Medium, $"Container {name} runs as root. Fix: USER in its image, or user: in its compose file.") { Subject = "user" };
    }

    // Empty is root: that is what an image without USER runs as.
    private static bool IsRoot(string? user) => user?.Split(':')[0] is null or "" or "root" or "0";

    private static string? Health(State state) => state.Health?.Status is null or "" or "none" ? null : state.Health.Status;

    private static string End(State state) => (state.OOMKilled, Time(state.FinishedAt)) switch
    {
        (_, null) => $"it was never started ({state.Status})",
        (true, { } at) => $"out of memory, exit code {state.ExitCode}, at {at:u}",
        (false, { } at) when state.ExitCode == Killed => $"killed, often for want of memory, exit code 137, at {at:u}",
        (false, { } at) => $"exit code {state.ExitCode}, at {at:u}",
    };

    // 0001-01-01 stands for never.
    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1 ? time : null;
}
