using Docker.DotNet.Models;

namespace WhatsOps.Incidents;

/// <summary>
/// What an engine knows of a container, without what may be a secret: of the environment and the labels the names, of the command its program. An answer may hold
/// passwords in places that nobody thinks of, so what is kept is named here one by one.
/// </summary>
internal static class ContainerFacts
{
    public static object Of(ContainerInspectResponse container) => new
    {
        container.ID,
        Name = container.Name?.TrimStart('/'),
        ImageId = container.Image,
        container.Config?.Image,
        container.Created,
        State = container.State is not { } state ? null : new
        {
            state.Status, state.Running, state.Paused, state.Restarting, state.OOMKilled, state.ExitCode, state.Error, state.StartedAt, state.FinishedAt, Health = state.Health?.Status,
            HealthLog = (state.Health?.Log ?? []).Select(check => new { check.Start, check.End, check.ExitCode, check.Output }),
        },
        container.RestartCount,
        Program = container.Path,
        Arguments = container.Args?.Count ?? 0,
        container.Config?.User,
        EnvironmentNames = Names(container.Config?.Env?.Select(variable => variable.Split('=')[0])),
        LabelNames = Names(container.Config?.Labels?.Keys),
        Mounts = (container.Mounts ?? []).Select(mount => new { mount.Type, mount.Name, mount.Source, mount.Destination, mount.RW }),
        Ports = (container.NetworkSettings?.Ports ?? new Dictionary<string, IList<PortBinding>>()).Select(port => new { Port = port.Key, On = (port.Value ?? []).Select(binding => $"{binding.HostIP}:{binding.HostPort}") }),
        Networks = (container.NetworkSettings?.Networks ?? new Dictionary<string, EndpointSettings>()).Select(network => new { Network = network.Key, network.Value?.IPAddress }),
        Host = container.HostConfig is not { } host ? null : new
        {
            host.NetworkMode, host.Privileged, host.CapAdd, host.CapDrop, host.PidMode, host.Memory, host.NanoCPUs, host.ReadonlyRootfs, RestartPolicy = host.RestartPolicy?.Name.ToString(), host.LogConfig?.Type,
        },
    };

    private static IEnumerable<string> Names(IEnumerable<string>? names) => (names ?? []).Order(StringComparer.Ordinal);
}
