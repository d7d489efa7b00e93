namespace WhatsOps.Embedded.Hosting;

/// <summary>The app cannot start. The message lists every problem found, one per line, each with its fix.</summary>
internal sealed class InvalidFunctionAppException(IReadOnlyCollection<string> problems)
    : Exception($"The function app cannot start ({problems.Count} problem{(problems.Count == 1 ? "" : "s")}):\n" +
        string.Join('\n', problems.Select(problem => "  - " + problem)))
{
    public IReadOnlyCollection<string> Problems { get; } = problems;
}
