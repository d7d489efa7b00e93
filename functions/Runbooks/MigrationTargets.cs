using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>Refuses a migration that could not end well, before there is a run.</summary>
public sealed class MigrationTargets(IGateways gateways)
{
    /// <summary>The new gateway's address in <see cref="RunTarget.Facts"/>: the approval is for that one.</summary>
    public const string ToUrl = "toUrl";

    private const string Path = $"$.parameters.{MigrateInstanceActions.ToGateway}";

    /// <exception cref="ProblemException">400: no other gateway of the system; 409: it does not answer, refuses its key or has the instance already.</exception>
    public async Task<RunTarget> PrepareAsync(FleetSystem system, RunTarget target, CancellationToken cancellation)
    {
        var name = target.Parameters?.GetValueOrDefault(MigrateInstanceActions.ToGateway);
        var endpoint = system.Gateways.FirstOrDefault(gateway => gateway.Name == name)
            ?? throw new ProblemException(400, $"System {system.Name} has no gateway {name}.", Path, $"It has {string.Join(", ", system.Gateways.Select(gateway => gateway.Name))}.");
        if (endpoint.Name == target.Gateway)
            throw new ProblemException(400, $"{target.Instance} is on {name} already.", Path, "Name another gateway of the system.");
        var gateway = Open(system, endpoint);
        var version = await gateway.ProbeAsync(cancellation);
        if (!version.IsSeen) throw Refuse($"Gateway {name} does not tell its version: {version.Detail}");
        var list = await gateway.ListAsync(cancellation);
        if (list.Outcome == Outcome.Unauthorized) throw Refuse($"Gateway {name} refuses its key.", "Set the right key where the fleet file's reference points to.");
        if (!list.IsSeen) throw Refuse($"Gateway {name} does not answer: {list.Detail}");
        if (list.Value!.Any(instance => instance.Name == target.Instance))
            throw Refuse($"Gateway {name} has {target.Instance} already.", "Look whose it is and delete it there, or choose another gateway.");
        if (system.Gateways.FirstOrDefault(gateway => gateway.Name == target.Gateway) is { } from) await CheckSourceAsync(system, from, target, version.Value!.Version, cancellation);
        return target with { Facts = new Dictionary<string, string> { [ToUrl] = endpoint.Url, ["toVersion"] = version.Value!.Version } };
    }

    private async Task CheckSourceAsync(FleetSystem system, GatewayEndpoint from, RunTarget target, string toVersion, CancellationToken cancellation)
    {
        var source = Open(system, from);
        var state = await source.StateAsync(target.Instance, cancellation);
        if (state.Outcome == Outcome.Absent)
            throw new ProblemException(409, $"Gateway {from.Name} has no {target.Instance}: there is nothing to move.", "$.tenant", "whatsops runbooks run reset-integration makes it anew.");
        // Evolution 1.x sends webhooks without headers: what proves the events to the product would be lost.
        if (toVersion.StartsWith("1.", StringComparison.Ordinal) && await source.WebhookAsync(target.Instance, cancellation) is { Value: { Enabled: true, Headers.Count: > 0 } })
            throw Refuse($"The tenant's webhook has headers, and Evolution {toVersion} sends none.", "Upgrade that gateway to 2.x, or choose another one.");
    }

    private IGateway Open(FleetSystem system, GatewayEndpoint endpoint)
    {
        try
        {
            return gateways.Open(system, endpoint);
        }
        catch (MissingSecretException missing)
        {
            throw Refuse(missing.Message, "Set it in the host's settings.");
        }
    }

    private static ProblemException Refuse(string why, string fix = "Run whatsops doctor.") => new(409, why, Path, fix);
}
