using System.Text.Json.Nodes;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Local;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Up;

/// <summary>`up` without a fleet: servers, simulated gateways and product, the host, and the first loop before the reader's eyes.</summary>
internal sealed class SimulatedUp(UpSettings settings, UpServers servers, string url, Progress progress)
{
    private readonly OperatorKey _requester = OperatorKey.Create();
    private readonly OperatorKey _approver = OperatorKey.Create();
    private readonly string _masterKey = UpKeys.Random();

    public async Task RunAsync(CancellationToken cancellation)
    {
        var gatewaysStarting = StartGatewaysAsync(cancellation);
        var server = settings.Postgres ?? await servers.StartPostgresAsync(cancellation);
        var operations = await DatabaseAsync(server, "whatsops_up", cancellation);
        var product = await DatabaseAsync(server, "whatsops_up_product", cancellation);
        var turboZap = await DatabaseAsync(server, "whatsops_up_turbozap", cancellation);
        var taktChat = await DatabaseAsync(server, "whatsops_up_taktchat", cancellation);
        var othersStarting = SimulatedOthers.StartAsync(servers, turboZap, taktChat, cancellation);
        progress.Say(settings.Postgres is null ? "PostgreSQL is ready" : "Your PostgreSQL has four new databases, whatsops_up…, which are dropped at the stop");
        var blobs = settings.Blobs ?? await servers.StartBlobsAsync(cancellation);
        progress.Say("Blob storage is ready");
        var gateways = await gatewaysStarting;
        await SimulatedProduct.CreateAsync(product, [.. gateways.Select(gateway => gateway.Url)], url, cancellation);
        progress.Say($"{SimulatedFleet.Tenants.Count} tenants on {gateways.Count} simulated Evolution gateways are ready");
        using var others = await othersStarting;
        progress.Say("A simulated TurboZap, TaktChat, WhatsApp Agent and IA Atendimento Bot are ready");
        await UpHost.StartAsync(servers, url, HostSettings(operations, product, blobs, gateways, others), cancellation, _masterKey);
        servers.Publish(new Dictionary<string, string> { [LocalOperators.Requester] = _requester.Key, [LocalOperators.Approver] = _approver.Key });
        progress.Say($"WhatsOps is ready at {url}");

        using var requester = new ApiClient(url, _requester.Key);
        using var approver = new ApiClient(url, _approver.Key);
        var secrets = await ConnectWebhooksAsync(approver, gateways, cancellation);
        progress.Say("Every instance sends its webhooks to WhatsOps, each with a secret of its own");
        await gateways[2].ControlAsync("faults", new { kind = "hang" }, cancellation);
        progress.Say("gateway-2 has another key than ours, and gateway-3 hangs: that happens");

        Terminal.Title("What is wrong, and why");
        var looked = FirstLook.LookAsync(requester, OtherSystems.Names, cancellation);
        Check(await FirstSweep.RunAsync(requester, progress, SimulatedFleet.System, cancellation));
        Terminal.Title("The other four systems");
        await new FirstLook(requester, progress).ShowAsync(looked, cancellation);
        Terminal.Title($"One repair: the integration of {SimulatedFleet.ResetTenant}");
        await new FirstRepair(requester, approver, gateways[0], progress).RunAsync(cancellation);
        Terminal.Title("A burst of webhooks");
        await new FirstBurst(gateways[0], progress).RunAsync(cancellation);
        await new FirstRepeats(url, secrets[FirstRepeats.Slug], progress).RunAsync(cancellation);
        Terminal.Title("The rest of the fleet, by itself");
        var autopilot = new Autopilot(requester, approver, url, _masterKey, gateways, progress);
        await autopilot.RememberAsync(cancellation);
        await HandOverAsync(approver, gateways, others, product, cancellation);
        await new FirstBackup(requester, progress).RunAsync(cancellation);
        await autopilot.RunAsync(cancellation);
        foreach (var gateway in gateways) gateway.Dispose();
        if (!settings.Once) PrintNext();
    }

    /// <summary>An empty database. The private server's earlier one is nobody's; what is on the user's own server is theirs.</summary>
    private async Task<string> DatabaseAsync(string server, string name, CancellationToken cancellation)
    {
        if (settings.Postgres is { } theirs) return await servers.BorrowDatabaseAsync(theirs, name, cancellation);
        await Databases.DropAsync(server, name, cancellation);
        return await Databases.CreateAsync(server, name, cancellation);
    }

    /// <summary>What people must do, a new key and a restart among it; and the policies that let WhatsOps do the rest.</summary>
    private async Task HandOverAsync(ApiClient approver, IReadOnlyList<SimulatedGateway> gateways, SimulatedOthers others, string product, CancellationToken cancellation)
    {
        // What its memory has lost comes back with a restart of the process, and so does a connection that leads nowhere.
        await gateways[0].RestartAsync(cancellation);
        await gateways[2].ClearFaultsAsync(cancellation);
        await SimulatedProduct.SwitchOnAsync(product, SimulatedFleet.SwitchedOffTenant, cancellation);
        progress.Say($"People: somebody restarts gateway-1 and gateway-3, and switches {SimulatedFleet.SwitchedOffTenant} on again in the product");
        await others.MendAsync(cancellation);
        progress.Say("People: the agent has a new token of Meta's, and the bot's Redis runs again");
        var answer = await approver.SendTextAsync(HttpMethod.Put, "api/fleet", SimulatedFleetFile.Json(url, gateways, others, _requester, _approver, autopilot: true), cancellation);
        progress.Say($"Version {answer["version"]} of the fleet file has gateway-2's new key, and policies: auto for what costs nothing, approve for the rest");
    }

    private async Task<IReadOnlyList<SimulatedGateway>> StartGatewaysAsync(CancellationToken cancellation)
    {
        var gateways = new List<SimulatedGateway>();
        for (var index = 0; index < SimulatedFleet.Gateways.Count; index++)
        {
            var number = index;
            gateways.Add(await SimulatedGateway.StartAsync(
                servers, SimulatedFleet.Gateways[index], SimulatedFleet.Tenants.Where(tenant => tenant.Gateway == number), cancellation));
        }

        return gateways;
    }

    private Dictionary<string, string> HostSettings(string operations, string product, string blobs, IReadOnlyList<SimulatedGateway> gateways, SimulatedOthers others)
    {
        var settings = new Dictionary<string, string>(others.Settings)
        {
            ["OperationsDatabase"] = operations,
            ["BlobStorage"] = blobs,
            // Not the container of a WhatsOps that works: another key encrypts what is stored here.
            ["BlobContainer"] = "whatsops-up",
            ["DataKeyFile"] = UpKeys.DataKeyFile("data-key"),
            ["FleetFile"] = SimulatedFleetFile.Write(Path.Combine(Repository.LocalFolder, "up", "fleet.json"), url, gateways, others, _requester, _approver),
            [SimulatedFleetFile.DatabaseVariable] = product,
        };
        foreach (var gateway in gateways)
        {
            settings[SimulatedFleetFile.KeyVariable(gateway.Name)] = gateway.Name == SimulatedFleet.Gateways[1] ? UpKeys.Random() : gateway.ApiKey;
            settings[SimulatedFleetFile.RenewedKeyVariable(gateway.Name)] = gateway.ApiKey;
        }

        return settings;
    }

    /// <summary>What an operator does once per tenant when WhatsOps is put in front of a product; returns the secrets by tenant.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> ConnectWebhooksAsync(
        ApiClient approver, IReadOnlyList<SimulatedGateway> gateways, CancellationToken cancellation)
    {
        var secrets = new Dictionary<string, string>();
        foreach (var tenant in SimulatedFleet.Tenants.Where(tenant => tenant.HasInstance && tenant.Condition != Condition.NotLoaded))
        {
            var made = await approver.PostAsync<JsonNode>($"api/tenants/{SimulatedFleet.System}/{tenant.Slug}/webhook-secret/rotate", null, cancellation);
            var secret = made["secret"]?.GetValue<string>() ?? throw new CliProblem("The rotation of a webhook secret answered no secret.");
            await gateways[tenant.Gateway].SetWebhookAsync(tenant.Instance, $"{approver.Url}/api/whatsapp/webhook/{tenant.Slug}", secret, cancellation);
            secrets[tenant.Slug] = secret;
        }

        return secrets;
    }

    // What is broken on purpose must be found, and nothing else: a demonstration that overlooks something proves the opposite.
    private static void Check(IReadOnlyList<FindingView> findings)
    {
        foreach (var tenant in SimulatedFleet.Tenants.Where(tenant => tenant.ExpectedFinding is not null))
            if (!findings.Any(finding => finding.Tenant == tenant.Slug && finding.Kind == tenant.ExpectedFinding))
                throw new CliProblem($"{tenant.Slug} is broken, but there is no finding {tenant.ExpectedFinding} of it.");
        foreach (var (gateway, kind) in SimulatedFleet.ExpectedOfGateways)
            if (!findings.Any(finding => finding.Gateway == gateway && finding.Kind == kind)) throw new CliProblem($"{gateway} is broken, but there is no finding {kind} of it.");
        var well = SimulatedFleet.Tenants.Where(tenant => tenant.ExpectedFinding is null).Select(tenant => tenant.Slug).ToHashSet();
        if (findings.FirstOrDefault(finding => finding.Tenant is { } slug && well.Contains(slug)) is { } wrong)
            throw new CliProblem($"{wrong.Tenant} is well, but there is a finding {wrong.Kind} of it: {wrong.Cause}");
    }

    private void PrintNext()
    {
        Terminal.Title("WhatsOps is up");
        Terminal.Line($"  API          {url}/api, described by {url}/api/openapi.json");
        Terminal.Line($"  keys         {Path.GetRelativePath(Repository.Root, UpState.File)}: operators {LocalOperators.Requester} (asks) and {LocalOperators.Approver} (says yes); only you can read it");
        Terminal.Line($"  fleet file   {Path.GetRelativePath(Repository.Root, Path.Combine(Repository.LocalFolder, "up", "fleet.json"))}");
        Terminal.Line($"  logs         {Path.GetRelativePath(Repository.Root, Path.Combine(Repository.LocalFolder, "logs"))}");
        Terminal.Line("Next, in another terminal:");
        Terminal.Line("  ./whatsops findings                     what is still wrong");
        Terminal.Line("  ./whatsops tenant acougue               the story of the repaired tenant");
        Terminal.Line("  ./whatsops runbooks run reset-integration --system revalya --tenant grafica --dry-run");
        Terminal.Line("  ./whatsops watch                        what is watched besides gateways, and how it is");
        Terminal.Line("  ./whatsops doctor                       the fleet file against reality");
        Terminal.Line("  ./whatsops pause                        nothing acts any more");
    }
}
