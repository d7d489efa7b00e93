using WhatsOps.Containers;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>Looks at container engines: the disk that they use, by kind and volume, and the memory of their machine .</summary>
internal sealed class EngineProbe(EngineApi engines) : IProbe
{
    // Sizes of volumes are summed up while one waits.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public IEnumerable<Look> LooksAt(FleetSystem system) => (system.Watch?.Engines ?? []).Select(target =>
        new Look("engine/" + target.Name, TimeSpan.FromSeconds(target.EverySeconds), Patience, cancellation => ContainerReading.OfAsync(() => ReadAsync(target, HasDisk(system.Watch!), cancellation))));

    // An engine knows what is its own, not how full the disk is.
    private static bool HasDisk(WatchOptions watch) => watch.Http.Any(http => http.Shape == HttpShape.NodeExporter) || watch.Prometheus.Any(prometheus => prometheus.Disks);

    private async Task<Reading> ReadAsync(EngineTarget target, bool hasDisk, CancellationToken cancellation)
    {
        using var info = await engines.GetAsync(target.Engine, "/info", cancellation);
        if (info.RootElement.Number("MemTotal") is not { } memory) throw ContainerHost.NoEngine(target.Engine);
        List<Measure> measures = [new("engine.memory.bytes", memory)];
        if (info.RootElement.Number("NCPU") is { } processors) measures.Add(new("engine.processors", processors));
        if (info.RootElement.Number("ContainersRunning") is { } running) measures.Add(new("engine.containers.running", running));

        List<Trouble> troubles = [];
        try
        {
            // Without verbose, engines of version 1.52 leave out the volumes.
            using var usage = await engines.GetAsync(target.Engine, "/system/df?verbose=true", cancellation);
            var (sizes, missing) = EngineUsage.Read(target, usage.RootElement);
            measures.AddRange(sizes);
            troubles.AddRange(missing);
        }
        catch (ContainerException problem)
        {
            troubles.Add(new(TroubleKinds.NotObservable, Severity.Low, $"What it takes of the disk cannot be had: {problem.Message}") { Subject = "disk" });
        }

        if (!hasDisk)
            troubles.Add(new(TroubleKinds.NotObservable, Severity.Low, "How full the disk of its machine is, is not known. Fix: run node_exporter, and name it in watch.http with shape node_exporter, or set disks at a prometheus that scrapes it.") { Subject = "system disk" });
        return Reading.Seen($"The engine's machine has {memory / 1024 / 1024:0} MB of memory.", measures, troubles);
    }
}
