using WhatsOps.Containers;
using WhatsOps.Fleet;
using WhatsOps.Runbooks;

namespace WhatsOps.Backups;

/// <summary>Stops and starts the containers that write into what is restored (R-299, R-301, R-223), in the order of the fleet file and the other way round.</summary>
internal sealed class ProductServices(ContainerHost containers)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    public Task<StepResult> StopAsync(StepContext step, CancellationToken cancellation) =>
        EachAsync(Of(step), service => containers.StopAsync(service, Grace, cancellation), expectsRunning: false, cancellation);

    public Task<StepResult> StartAsync(StepContext step, CancellationToken cancellation) =>
        EachAsync(Of(step).Reverse(), service => containers.StartAsync(service, cancellation), expectsRunning: true, cancellation);

    /// <summary>Those that do not run.</summary>
    public async Task<IReadOnlyList<string>> DownAsync(StepContext step, CancellationToken cancellation)
    {
        var down = new List<string>();
        foreach (var service in Of(step))
            if (await containers.IsRunningAsync(service, cancellation) != true) down.Add(service.Container);
        return down;
    }

    /// <summary>Looks, before anything is planned, whether all of them are there.</summary>
    /// <exception cref="ProblemException">409 one is not, 503 its engine does not answer.</exception>
    public async Task RequireAsync(FleetSystem system, CancellationToken cancellation)
    {
        foreach (var service in system.Backup?.Services ?? [])
            try
            {
                if (await containers.IsRunningAsync(service, cancellation) is null)
                    throw new ProblemException(409, $"There is no container {service.Container}, which the restore would stop and start.", "$.system", "Correct backup.services in the fleet file; docker ps -a lists the names.");
            }
            catch (ContainerException problem)
            {
                throw new ProblemException(503, problem.Message, null, "Start the engine, or correct backup.services in the fleet file.");
            }
    }

    private static IReadOnlyList<ContainerReference> Of(StepContext step) => step.System.Backup?.Services ?? [];

    // Each is tried, whatever became of the one before: the more of a product runs again, the better.
    private async Task<StepResult> EachAsync(IEnumerable<ContainerReference> services, Func<ContainerReference, Task> act, bool expectsRunning, CancellationToken cancellation)
    {
        var (names, problems, isLasting) = (new List<string>(), new List<string>(), false);
        foreach (var service in services)
            try
            {
                await act(service);
                if (await containers.IsRunningAsync(service, cancellation) == expectsRunning) names.Add(service.Container);
                else problems.Add($"Container {service.Container} is {(expectsRunning ? "not running" : "still running")}.");
            }
            catch (ContainerException problem)
            {
                problems.Add(problem.Message);
                isLasting |= problem.IsLasting;
            }

        if (problems.Count == 0) return StepResult.Done($"{string.Join(", ", names)}: {(expectsRunning ? "running" : "stopped")}.");
        return isLasting ? StepResult.Failed(string.Join(' ', problems)) : StepResult.Retry(string.Join(' ', problems));
    }
}
