using System.Globalization;

namespace WhatsOps.Runbooks;

/// <summary>
/// Walks nested steps. A step's path names it within a run: <c>reset.logout</c> inside a Run step, <c>tenants.3.logout</c> for the third
/// item of a ForEach (counted from 0), <c>paired.yes.tell</c> inside a branch.
/// </summary>
public static class StepTree
{
    /// <summary>Every step in the order of the declaration, both branches included, one round per ForEach (<c>*</c>).</summary>
    public static IEnumerable<(string Path, Step Step)> Flatten(IReadOnlyList<Step> steps, string prefix = "")
    {
        foreach (var step in steps)
        {
            var path = prefix + step.Id;
            yield return (path, step);
            var inner = step switch
            {
                ChooseStep choose => choose.Branches.SelectMany(branch => Flatten(branch.Value, $"{path}.{branch.Key}.")),
                ForEachStep each => Flatten(each.Steps, $"{path}.*."),
                RunStep run => Flatten(run.Runbook.Steps, $"{path}."),
                _ => [],
            };
            foreach (var line in inner) yield return line;
        }
    }

    /// <summary>Whether a path of a run is the one of the plan, whose rounds of a ForEach are <c>*</c>.</summary>
    public static bool Matches(string planned, string path)
    {
        var (wanted, given) = (planned.Split('.'), path.Split('.'));
        return wanted.Length == given.Length && wanted.Zip(given).All(part => part.First == "*" || part.First == part.Second);
    }

    /// <summary>The step behind a path, and the innermost ForEach item it stands for.</summary>
    /// <exception cref="InvalidOperationException">The declaration has no such step: a run met another version than its own.</exception>
    public static StepPlace Find(Runbook runbook, string path)
    {
        var parts = path.Split('.');
        var steps = runbook.Steps;
        (string Path, int Index)? item = null;
        for (var i = 0; i < parts.Length; i++)
        {
            var step = steps.FirstOrDefault(candidate => candidate.Id == parts[i]);
            switch (step)
            {
                case { } when i == parts.Length - 1:
                    return new(step, item);
                case ChooseStep choose when choose.Branches.TryGetValue(parts[i + 1], out var branch):
                    steps = branch;
                    i++;
                    break;
                case ForEachStep each when int.TryParse(parts[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var index):
                    item = (string.Join('.', parts[..(i + 1)]), index);
                    steps = each.Steps;
                    i++;
                    break;
                case RunStep run:
                    steps = run.Runbook.Steps;
                    break;
                default:
                    i = parts.Length;
                    break;
            }
        }

        throw new InvalidOperationException($"Runbook {runbook.Name} v{runbook.Version} has no step {path}.");
    }
}
