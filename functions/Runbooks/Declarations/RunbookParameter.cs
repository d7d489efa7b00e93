namespace WhatsOps.Runbooks;

/// <summary>Something a runbook must be told beyond its place: <c>toGateway</c> of a migration. Stands in the plan as <c>{name}</c>.</summary>
/// <param name="Name">camelCase.</param>
/// <param name="Description">What to give, for the error and the help.</param>
public sealed record RunbookParameter(string Name, string Description, bool Required = true)
{
    /// <summary>
    /// A phone number or another thing that must not be read in plans, rows and logs: the plan shows it masked, the run keeps it encrypted until it
    /// has ended (<see cref="StepContext.SecretAsync"/>).
    /// </summary>
    public bool Secret { get; init; }

    /// <summary>Regular expression that the whole value must match; null takes anything.</summary>
    public string? Pattern { get; init; }
}
