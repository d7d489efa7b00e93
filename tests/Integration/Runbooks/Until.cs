using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace WhatsOps.Tests.Integration.Runbooks;

/// <summary>Waits for something to become true, and fails with what was waited for.</summary>
internal static class Until
{
    public static Task TrueAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "") => TrueAsync(condition, 20, () => what);

    public static async Task TrueAsync(Func<Task<bool>> condition, int seconds, Func<string> what)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(seconds), $"Waited {seconds} s in vain for: {what()}");
            await Task.Delay(10);
        }
    }
}
