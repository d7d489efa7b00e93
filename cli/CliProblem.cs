namespace WhatsOps.Cli;

/// <summary>Something the user can act on: a sentence, and what to do about it.</summary>
public sealed class CliProblem(string message, string? fix = null) : Exception(message)
{
    public string? Fix { get; } = fix;
}
