using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.Models;
using WhatsOps.Fleet;

namespace WhatsOps.Containers;

/// <summary>
/// Containers over the Docker Engine API, which podman speaks, too: how they are, what they use and log, stopping and starting them, files in and out.
/// Every call is of one exact container, and may be repeated.
/// </summary>
public sealed class ContainerHost : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<string, DockerClient> _clients = new(StringComparer.Ordinal);

    /// <summary>Null: the engine has no such container.</summary>
    /// <exception cref="ContainerException">The engine does not answer, or says no.</exception>
    public async Task<bool?> IsRunningAsync(ContainerReference container, CancellationToken cancellation) =>
        await InspectAsync(container, cancellation) is { } found ? found.State?.Running ?? false : null;

    /// <summary>What the engine knows of it; null: it has no such container.</summary>
    /// <exception cref="ContainerException">The engine does not answer, or says no.</exception>
    public async Task<ContainerInspectResponse?> InspectAsync(ContainerReference container, CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(container, client => client.Containers.InspectContainerAsync(container.Container, cancellation), cancellation);
        }
        catch (DockerContainerNotFoundException problem)
        {
            // Any web server has a 404 for a path that it does not know; an engine names the container.
            if (problem.ResponseBody?.Contains("no such container", StringComparison.OrdinalIgnoreCase) == true) return null;
            throw NoEngine(container.Engine);
        }
    }

    /// <summary>When its image was made; null: the engine has the image no more, or the image does not say.</summary>
    /// <exception cref="ContainerException">The engine does not answer, or says no.</exception>
    public async Task<DateTimeOffset?> ImageMadeAsync(ContainerReference container, string image, CancellationToken cancellation)
    {
        try
        {
            var made = (await AskAsync(container, client => client.Images.InspectImageAsync(image, cancellation), cancellation)).Created;
            // Builds that are to be reproducible write 1970 or 1980; the first image of all is of 2013.
            return made is { Year: >= 2013 } known ? new DateTimeOffset(DateTime.SpecifyKind(known, DateTimeKind.Utc)) : null;
        }
        catch (DockerImageNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Its counters at this moment, with the engine's clock.</summary>
    /// <exception cref="ContainerException">There is no such container, the engine does not answer, or says no.</exception>
    public Task<ContainerStatsResponse> StatsAsync(ContainerReference container, CancellationToken cancellation) => MustAskAsync(container, async client =>
    {
        var last = new Last<ContainerStatsResponse>();
        await client.Containers.GetContainerStatsAsync(container.Container, new ContainerStatsParameters { Stream = false, OneShot = true }, last, cancellation);
        return last.Value ?? throw new ContainerException($"The engine at {container.Engine} sends no statistics of container {container.Container}.");
    }, cancellation);

    /// <summary>Its output since then, each line with its time before it; frames and terminals are told apart.</summary>
    /// <param name="last">This many lines at its end; null: all.</param>
    /// <param name="isError">One of its two outputs; null: both. A terminal has one for all.</param>
    /// <exception cref="ContainerException">There is no such container, the engine does not answer, keeps no log, or says no.</exception>
    public Task<MultiplexedStream> LogsAsync(ContainerReference container, DateTimeOffset since, int? last, bool? isError, CancellationToken cancellation) => MustAskAsync(container, client =>
        client.Containers.GetContainerLogsAsync(
            container.Container,
            new ContainerLogsParameters { ShowStdout = isError != true, ShowStderr = isError != false, Timestamps = true, Since = $"{since.ToUnixTimeSeconds()}", Tail = last is { } lines ? $"{lines}" : "all" },
            cancellation), cancellation);

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
    public async Task<Stream> ReadAsync(ContainerReference container, string path, CancellationToken cancellation) =>
        (await ArchiveAsync(container, path, isStatOnly: false, cancellation))?.Stream
        ?? throw new ContainerException($"Container {container.Container} has no {path}, or there is no such container.", isLasting: true);

    /// <summary>What stands at a path of it, running or not; null: nothing does.</summary>
    /// <exception cref="ContainerException">There is no such container, the engine does not answer, or says no.</exception>
    public async Task<ContainerPath?> StatAsync(ContainerReference container, string path, CancellationToken cancellation)
    {
        if ((await ArchiveAsync(container, path, isStatOnly: true, cancellation))?.Stat is { } stat)
            return new(stat.Size, stat.Mode, Microseconds(stat.Mtime), stat.LinkTarget ?? "");
        // A 404 to HEAD has no words: it may be the container that is not there.
        return await InspectAsync(container, cancellation) is null ? throw NoSuch(container) : null;
    }

    // Finer is nowhere kept, and what is kept is compared.
    private static DateTimeOffset Microseconds(DateTime time) => new(new DateTime(time.ToUniversalTime().Ticks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc));

    // Null: no such container, or no such path.
    private async Task<ContainerArchiveResponse?> ArchiveAsync(ContainerReference container, string path, bool isStatOnly, CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(container, client => client.Containers.GetArchiveFromContainerAsync(container.Container, new ContainerPathStatParameters { Path = path }, isStatOnly, cancellation), cancellation);
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // The header with the stat is missing.
            throw NoEngine(container.Engine);
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

    private Task DoAsync(ContainerReference container, Func<DockerClient, Task> call, CancellationToken cancellation) => MustAskAsync(container, async client =>
    {
        await call(client);
        return true;
    }, cancellation);

    private async Task<T> MustAskAsync<T>(ContainerReference container, Func<DockerClient, Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(container, call, cancellation);
        }
        catch (DockerContainerNotFoundException)
        {
            throw NoSuch(container);
        }
    }

    internal static ContainerException NoSuch(ContainerReference container) =>
        new($"The engine at {container.Engine} has no container {container.Container}. Fix: docker ps -a lists the names.", isLasting: true);

    private async Task<T> AskAsync<T>(ContainerReference container, Func<DockerClient, Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            var client = _clients.GetOrAdd(container.Engine, engine => new DockerClientBuilder().WithEndpoint(new Uri(engine)).WithTimeout(Patience).Build());
            return await call(client);
        }
        catch (DockerApiException problem) when (problem is not (DockerContainerNotFoundException or DockerImageNotFoundException))
        {
            throw new ContainerException(
                $"The engine at {container.Engine} answers {(int)problem.StatusCode} about container {container.Container}.",
                isRefused: problem.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden);
        }
        catch (Exception problem) when (problem.GetBaseException() is SocketException { SocketErrorCode: SocketError.AccessDenied })
        {
            throw NoRight(container.Engine);
        }
        catch (Exception problem) when (problem is HttpRequestException or AggregateException or SocketException or TimeoutException or IOException || (problem is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw NoAnswer(container.Engine);
        }
        catch (JsonException)
        {
            throw NoEngine(container.Engine);
        }
    }

    internal static ContainerException NoRight(string engine) =>
        new($"WhatsOps may not open {engine}. Fix: let its user into the group of the socket, or put a proxy that only reads before it.", isRefused: true);

    internal static ContainerException NoAnswer(string engine) => new($"The container engine at {engine} does not answer.");

    internal static ContainerException NoEngine(string engine) => new($"What answers at {engine} is no container engine.");

    // Progress<T> would report from another thread, after the call is over.
    private sealed class Last<T> : IProgress<T>
    {
        public T? Value { get; private set; }

        public void Report(T value) => Value = value;
    }
}
