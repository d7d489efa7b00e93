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

    private static IReadOnlyList<ContainerReference> Of(StepContext step) => step.System.Backup?.Services ?? [];

    private async Task<StepResult> EachAsync(IEnumerable<ContainerReference> services, Func<ContainerReference, Task> act, bool expectsRunning, CancellationToken cancellation)
    {
        var names = new List<string>();
        try
        {
            foreach (var service in services)
            {
                await act(service);
                if (await containers.IsRunningAsync(service, cancellation) != expectsRunning) return StepResult.Retry($"Container {service.Container} is {(expectsRunning ? "not running" : "still running")}.");
                names.Add(service.Container);
            }
        }
        catch (ContainerException problem)
        {
            return problem.IsLasting ? StepResult.Failed(problem.Message) : StepResult.Retry(problem.Message);
        }

        return StepResult.Done($"{string.Join(", ", names)}: {(expectsRunning ? "running" : "stopped")}.");
    }
}
