namespace WhatsOps.Cli.Api;

/// <summary>The API's own answer to a mistake: <c>{ error, field, fix }</c>.</summary>
internal sealed record ApiProblem(string? Error, string? Field, string? Fix);
