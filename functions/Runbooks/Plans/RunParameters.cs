using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>Holds what was given against what a runbook asks.</summary>
internal static class RunParameters
{
    private const int Longest = 200;

    /// <summary>Null when the runbook asks nothing.</summary>
    /// <exception cref="ProblemException">400 with the parameter's path.</exception>
    public static IReadOnlyDictionary<string, string>? Read(Runbook runbook, IReadOnlyDictionary<string, string>? given)
    {
        given ??= new Dictionary<string, string>();
        if (given.Keys.FirstOrDefault(name => runbook.Parameters.All(parameter => parameter.Name != name)) is { } unknown)
            throw new ProblemException(400, $"Runbook {runbook.Name} has no parameter {unknown}.", $"$.parameters.{unknown}", Known(runbook));
        foreach (var parameter in runbook.Parameters)
        {
            var value = given.GetValueOrDefault(parameter.Name);
            if (string.IsNullOrWhiteSpace(value) && parameter.Required)
                throw new ProblemException(400, $"$.parameters.{parameter.Name} is missing.", $"$.parameters.{parameter.Name}", $"Give it: {parameter.Description}.");
            if (value?.Length > Longest) throw new ProblemException(400, $"It is longer than {Longest} characters.", $"$.parameters.{parameter.Name}");
        }

        return runbook.Parameters.Count == 0 ? null : given;
    }

    private static string Known(Runbook runbook) => runbook.Parameters.Count == 0
        ? "Leave parameters out."
        : $"It has {string.Join(", ", runbook.Parameters.Select(parameter => parameter.Name))}.";
}
