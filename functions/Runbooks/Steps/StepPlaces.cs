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
    public static GatewayEndpoint Endpoint(this StepContext step) => step.System.Gateways.FirstOrDefault(gateway => gateway.Name == step.Target.Gateway)
        ?? throw new ProblemException(409, $"Gateway {step.Target.Gateway} is no longer in the fleet.");

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
