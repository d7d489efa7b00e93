using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Up;

/// <summary>`up --fleet FILE`: the host and its sweep against real systems. It changes nothing by itself: policies default to observe.</summary>
internal sealed class FleetUp(UpSettings settings, UpServers servers, string url, Progress progress)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        var postgres = settings.Postgres
            ?? await Databases.KeepAsync(await servers.StartPostgresAsync(cancellation), "whatsops", cancellation);
        var blobs = settings.Blobs ?? await servers.StartBlobsAsync(cancellation);
        progress.Say("PostgreSQL and blob storage are ready");
        await UpHost.StartAsync(servers, url, new Dictionary<string, string>
        {
            ["OperationsDatabase"] = postgres,
            ["BlobStorage"] = blobs,
            ["DataKeyFile"] = UpKeys.DataKeyFile("fleet-data-key"),
            ["FleetFile"] = settings.FleetFile!,
        }, cancellation);
        progress.Say($"WhatsOps is ready at {url}");

        if (Environment.GetEnvironmentVariable("WHATSOPS_KEY") is { Length: > 0 } key)
        {
            using var api = new ApiClient(url, key);
            await api.SendTextAsync(HttpMethod.Put, "api/fleet", await File.ReadAllTextAsync(settings.FleetFile!, cancellation), cancellation);
            progress.Say($"{Path.GetFileName(settings.FleetFile)} is in force");
            await FirstSweep.RunAsync(api, progress, system: null, cancellation);
        }
        else
        {
            Terminal.Line("The first sweep runs within 5 minutes. To see its findings, and to put a changed fleet file in force, say who you are:");
            Terminal.Line("  export WHATSOPS_KEY=…   (make one with ./whatsops operator key NAME and put its hash into the fleet file)");
        }

        Terminal.Line("Next: ./whatsops doctor, ./whatsops findings. Nothing is touched until a policy of the fleet file or an operator says so.");
    }
}
