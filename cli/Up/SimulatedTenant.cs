namespace WhatsOps.Cli.Up;

/// <summary>One tenant of the simulated product.</summary>
/// <param name="Gateway">Index into <see cref="SimulatedFleet.Gateways"/>.</param>
internal sealed record SimulatedTenant(string Slug, int Gateway, Condition Condition)
{
    public string Instance => SimulatedFleet.InstancePrefix + Slug;

    /// <summary>The finding that the first sweep must make of it; null when it is well, or hidden behind a sick gateway.</summary>
    public string? ExpectedFinding => Condition switch
    {
        Condition.InstanceMissing => "instance_missing",
        Condition.LoggedOut => "instance_logged_out",
        Condition.Connecting => "instance_not_open",
        Condition.ListLies => "instance_state_contradiction",
        Condition.NotLoaded => "instance_not_loaded",
        Condition.InactiveSeenOpen => "integration_inactive_seen_open",
        Condition.WrongInstanceName => "instance_name_mismatch",
        Condition.NoInstanceName => "integration_without_instance_name",
        _ => null,
    };

    /// <summary>Whether the gateway has an instance of it.</summary>
    public bool HasInstance => Condition is not (Condition.InstanceMissing or Condition.NoIntegration or Condition.TenantInactive);
}
