using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace WhatsOps.Tests.Integration.Simulator;

/// <summary>Waits for something to become true, and fails with what was waited for.</summary>
internal static class Until
{
    public static async Task True(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"Waited 20 s in vain for: {what}");
            await Task.Delay(5);
        }
    }
}
