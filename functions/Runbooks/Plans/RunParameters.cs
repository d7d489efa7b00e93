using System.Text.RegularExpressions;
using WhatsOps.Events;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>Holds what was given against what a runbook asks.</summary>
internal static class RunParameters
{
    private const int Longest = 200;
    private static readonly TimeSpan Quickly = TimeSpan.FromMilliseconds(100);

    /// <summary>The place with what was given; both dictionaries stay null when the runbook asks nothing.</summary>
    /// <exception cref="ProblemException">400 with the parameter's path; never with a value.</exception>
    public static RunTarget Read(Runbook runbook, RunTarget place, IReadOnlyDictionary<string, string>? given)
    {
        given ??= new Dictionary<string, string>();
        if (given.Keys.FirstOrDefault(name => runbook.Parameters.All(parameter => parameter.Name != name)) is { } unknown)
            throw new ProblemException(400, $"Runbook {runbook.Name} has no parameter {unknown}.", $"$.parameters.{unknown}", Known(runbook));
        foreach (var parameter in runbook.Parameters) Check(parameter, given.GetValueOrDefault(parameter.Name));
        if (runbook.Parameters.Count == 0) return place;
        // Left empty is left out: a plan must not fill {name} with nothing.
        var meant = runbook.Parameters.Where(parameter => !string.IsNullOrWhiteSpace(given.GetValueOrDefault(parameter.Name))).ToList();
        var secrets = meant.Where(parameter => parameter.Secret).ToDictionary(parameter => parameter.Name, parameter => given[parameter.Name]);
        return place with
        {
            Parameters = meant.ToDictionary(parameter => parameter.Name, parameter => parameter.Secret ? Masked(given[parameter.Name]) : given[parameter.Name]),
            Secrets = secrets.Count == 0 ? null : secrets,
        };
    }

    private static void Check(RunbookParameter parameter, string? value)
    {
        var path = $"$.parameters.{parameter.Name}";
        if (string.IsNullOrWhiteSpace(value))
        {
            if (parameter.Required) throw new ProblemException(400, $"{path} is missing.", path, $"Give it: {parameter.Description}.");
            return;
        }

        if (value.Length > Longest) throw new ProblemException(400, $"It is longer than {Longest} characters.", path);
        if (parameter.Pattern is { } pattern && !Regex.IsMatch(value, $@"\A(?:{pattern})\z", RegexOptions.CultureInvariant, Quickly))
            throw new ProblemException(400, $"{path} is not what it should be.", path, $"Give {parameter.Description}.");
    }

    // A phone number keeps its last digits, so that a person sees which it is; anything else that is secret keeps nothing.
    private static string Masked(string secret) => PhoneMask.Mask(secret) is var masked && masked != secret ? masked : "(not shown)";

    private static string Known(Runbook runbook) => runbook.Parameters.Count == 0
        ? "Leave parameters out."
        : $"It has {string.Join(", ", runbook.Parameters.Select(parameter => parameter.Name))}.";
}
