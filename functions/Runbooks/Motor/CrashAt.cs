using System.Diagnostics;

namespace WhatsOps.Runbooks;

/// <summary>Kills the own process at one point, for the tests with real kill -9; does nothing unless <c>WHATSOPS_CRASH_AT</c> is set.</summary>
/// <param name="where"><c>{step}:{point}</c> or <c>{step}/compensate:{point}</c>, point one of before, acted, recorded; null never.</param>
public sealed class CrashAt(string? where) : IFaultPoints
{
    public ValueTask ReachAsync(Guid runId, string step, Phase phase, FaultPoint point)
    {
        if (where is not null && string.Equals(where, Name(step, phase, point), StringComparison.OrdinalIgnoreCase)) Process.GetCurrentProcess().Kill();
        return ValueTask.CompletedTask;
    }

    public static string Name(string step, Phase phase, FaultPoint point) => $"{step}{(phase == Phase.Compensate ? "/compensate" : "")}:{point.ToString().ToLowerInvariant()}";
}
