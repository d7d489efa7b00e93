namespace WhatsOps.Runbooks;

/// <summary>Something a runbook must be told beyond its place: <c>toGateway</c> of a migration. Stands in the plan as <c>{name}</c>.</summary>
/// <param name="Name">camelCase.</param>
/// <param name="Description">What to give, for the error and the help.</param>
public sealed record RunbookParameter(string Name, string Description, bool Required = true);
