using System.Collections.Concurrent;
using Docker.DotNet;
using Docker.DotNet.Models;
using WhatsOps.Fleet;

namespace WhatsOps.Containers;

/// <summary>
/// Containers over the Docker Engine API, which podman speaks, too: whether they run, stopping and starting them, files in and out. Every call is of one
/// exact container, and may be repeated.
/// </summary>
public sealed class ContainerHost : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<string, DockerClient> _clients = new(StringComparer.Ordinal);

    /// <summary>Null: the engine has no such container.</summary>
    /// <exception cref="ContainerException">The engine does not answer, or says no.</exception>
    public async Task<bool?> IsRunningAsync(ContainerReference container, CancellationToken cancellation)
    {
        try
        {
            return (await AskAsync(container, client => client.Containers.InspectContainerAsync(container.Container, cancellation), cancellation)).State?.Running ?? false;
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Stops it and leaves it stopped; one that is stopped already is left alone.</summary>
    /// <param name="grace">How long it may take to end by itself before it is killed.</param>
    /// <exception cref="ContainerException">There is no such container, the engine does not answer, or says no.</exception>
    public Task StopAsync(ContainerReference container, TimeSpan grace, CancellationToken cancellation) => DoAsync(
        container, client => client.Containers.StopContainerAsync(container.Container, new ContainerStopParameters { WaitBeforeKillSeconds = (uint)grace.TotalSeconds }, cancellation), cancellation);

    /// <summary>Starts it; one that runs is left alone.</summary>
    /// <exception cref="ContainerException">There is no such container, the engine does not answer, or says no.</exception>
    public Task StartAsync(ContainerReference container, CancellationToken cancellation) => DoAsync(
        container, client => client.Containers.StartContainerAsync(container.Container, new ContainerStartParameters(), cancellation), cancellation);

    /// <summary>A file or folder of it as a tar archive, as it is read.</summary>
    /// <exception cref="ContainerException">There is no such container or path, the engine does not answer, or says no.</exception>
    public async Task<Stream> ReadAsync(ContainerReference container, string path, CancellationToken cancellation)
    {
        try
        {
            return (await AskAsync(container, client => client.Containers.GetArchiveFromContainerAsync(container.Container, new ContainerPathStatParameters { Path = path }, false, cancellation), cancellation)).Stream ?? throw new ContainerException($"The engine at {container.Engine} sends no archive of {path}.");
        }
        catch (DockerContainerNotFoundException)
        {
            throw new ContainerException($"Container {container.Container} has no {path}, or there is no such container.", isLasting: true);
        }
    }

    /// <summary>Unpacks a tar archive into a folder of it; files of the same names are replaced.</summary>
    /// <exception cref="ContainerException">There is no such container or folder, the engine does not answer, or says no.</exception>
    public Task WriteAsync(ContainerReference container, string folder, Stream tar, CancellationToken cancellation) => DoAsync(
        container, client => client.Containers.ExtractArchiveToContainerAsync(container.Container, new CopyToContainerParameters { Path = folder }, tar, cancellation), cancellation);

    public void Dispose()
    {
        foreach (var client in _clients.Values) client.Dispose();
    }

    private async Task DoAsync(ContainerReference container, Func<DockerClient, Task> call, CancellationToken cancellation)
    {
        try
        {
            await AskAsync(container, async client =>
            {
                await call(client);
                return true;
            }, cancellation);
        }
        catch (DockerContainerNotFoundException)
        {
            throw new ContainerException($"The engine at {container.Engine} has no container {container.Container}. Fix: docker ps -a lists the names.", isLasting: true);
        }
    }

    private async Task<T> AskAsync<T>(ContainerReference container, Func<DockerClient, Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            var client = _clients.GetOrAdd(container.Engine, engine => new DockerClientBuilder().WithEndpoint(new Uri(engine)).WithTimeout(Patience).Build());
            return await call(client);
        }
        catch (DockerApiException problem) when (problem is not DockerContainerNotFoundException)
        {
            throw new ContainerException($"The engine at {container.Engine} answers {(int)problem.StatusCode} about container {container.Container}.");
        }
        catch (Exception problem) when (problem is HttpRequestException or AggregateException or System.Net.Sockets.SocketException or TimeoutException or IOException || (problem is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new ContainerException($"The container engine at {container.Engine} does not answer.");
        }
    }
}
