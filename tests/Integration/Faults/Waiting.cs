using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>Polls until something is true; fails with what was waited for.</summary>
internal static class Waiting
{
    public static Task UntilAsync(Func<bool> condition, int seconds = 30, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        UntilAsync(() => Task.FromResult(condition()), seconds, what);

    public static async Task UntilAsync(Func<Task<bool>> condition, int seconds = 30, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(seconds), $"Waited {seconds} s in vain for: {what}");
            await Task.Delay(20);
        }
    }
}
