using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>Where a step acts: its run's gateway and instance, or another pair of the same system.</summary>
internal static class StepPlaces
{
    /// <summary>The client of the step's gateway.</summary>
    /// <exception cref="ProblemException">409: the gateway has left the fleet.</exception>
    public static IGateway Open(this IGateways gateways, StepContext step) => gateways.Open(step.System, step.Endpoint());

    /// <summary>The step's gateway as the fleet file names it now.</summary>
    /// <exception cref="ProblemException">409: the gateway has left the fleet.</exception>
    public static GatewayEndpoint Endpoint(this StepContext step) => step.System.Gateway(step.Target.Gateway);

    /// <summary>The system's gateway of this name.</summary>
    /// <exception cref="ProblemException">409: the gateway has left the fleet.</exception>
    public static GatewayEndpoint Gateway(this FleetSystem system, string name) => system.Gateways.FirstOrDefault(gateway => gateway.Name == name)
        ?? throw new ProblemException(409, $"Gateway {name} is no longer in the fleet.");

    /// <summary>The failure of a step whose gateway has another address than the plan was approved for; null where it has not.</summary>
    public static StepResult? HasMoved(this StepContext step) => step.Target.GatewayUrl is { } planned && planned != step.Endpoint().Url
        ? StepResult.Failed($"The fleet file has given gateway {step.Target.Gateway} another address since the plan was made: plan again.")
        : null;

    /// <summary>
    /// The same step about another instance or gateway (a migration's new gateway, a wrongly named instance). What it keeps is kept apart from
    /// what the run keeps about its own place.
    /// </summary>
    /// <param name="gatewayUrl">The other gateway's address when the plan was made; null accepts whatever it is now.</param>
    public static StepContext At(this StepContext step, string gateway, string instance, string? gatewayUrl = null) => step with
    {
        Target = step.Target with { Gateway = gateway, Instance = instance, GatewayUrl = gateway == step.Target.Gateway ? step.Target.GatewayUrl : gatewayUrl },
        Artifacts = step.Artifacts.Of($"{gateway}/{instance}"),
    };
}
