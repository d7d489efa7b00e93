using System.Globalization;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>The step of <see cref="WaitForStability"/>.</summary>
public sealed class WaitForStabilityActions(IGateways gateways)
{
    /// <summary>Name of the parameter.</summary>
    public const string GoodProbes = "goodProbes";

    private const string InARow = "goodInARow";
    private const int Default = 3;
    private const int Most = 100;

    /// <exception cref="ProblemException">400: the number is none.</exception>
    public static Task<RunTarget> PrepareAsync(FleetSystem system, RunTarget target, CancellationToken cancellation)
    {
        var wanted = Default;
        if (target.Parameters?.GetValueOrDefault(GoodProbes) is { Length: > 0 } given
            && !(int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out wanted) && wanted is >= 1 and <= Most))
            throw new ProblemException(400, $"goodProbes is not a whole number from 1 to {Most}.", "$.parameters.goodProbes", "Give one like 3, or leave it out.");
        return Task.FromResult(target with { Facts = new Dictionary<string, string> { [GoodProbes] = wanted.ToString(CultureInfo.InvariantCulture) } });
    }

    public async Task<StepResult> IsStableAsync(StepContext step, CancellationToken cancellation)
    {
        if (step.HasMoved() is { } moved) return moved;
        var version = await gateways.Open(step).ProbeAsync(cancellation);
        var list = await gateways.Open(step).ListAsync(cancellation);
        // Time does not mend a key.
        if (list.Outcome == Outcome.Unauthorized) return StepResult.Failed($"Gateway {step.Target.Gateway} refuses its key.");
        var wanted = int.Parse(step.Target.Facts![GoodProbes], CultureInfo.InvariantCulture);
        var good = version.IsSeen && list.IsSeen ? Before(step) + 1 : 0;
        var detail = string.Create(CultureInfo.InvariantCulture, $"{good} of {wanted} good probes in a row{(good > 0 ? "" : $": {version.Detail ?? list.Detail}")}.");
        return (good >= wanted ? StepResult.Done(detail) : StepResult.NotYet(detail)) with
        {
            Facts = new Dictionary<string, string> { [InARow] = good.ToString(CultureInfo.InvariantCulture) },
        };
    }

    private static int Before(StepContext step) => int.TryParse(step.LastFacts.GetValueOrDefault(InARow), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;
}
