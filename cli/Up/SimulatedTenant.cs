namespace WhatsOps.Cli.Up;

/// <summary>One tenant of the simulated product.</summary>
/// <param name="Gateway">Index into <see cref="SimulatedFleet.Gateways"/>.</param>
internal sealed record SimulatedTenant(string Slug, int Gateway, Condition Condition)
{
    public string Instance => SimulatedFleet.InstancePrefix + Slug;

    /// <summary>Whether the gateway has an instance of it.</summary>
    public bool HasInstance => Condition is not (Condition.InstanceMissing or Condition.NoIntegration or Condition.TenantInactive);
}
