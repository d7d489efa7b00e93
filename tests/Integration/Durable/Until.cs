namespace WhatsOps.Tests.Integration.Durable;

internal static class Until
{
    public static Task TrueAsync(Func<bool> condition, int seconds = 20) => TrueAsync(() => Task.FromResult(condition()), seconds);

    public static async Task TrueAsync(Func<Task<bool>> condition, int seconds = 20)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (!await condition()) await Task.Delay(10, patience.Token);
    }
}
