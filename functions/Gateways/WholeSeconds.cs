namespace WhatsOps.Gateways;

/// <summary>What a Date header can be compared with.</summary>
internal static class WholeSeconds
{
    public static DateTimeOffset ToWholeSeconds(this DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));
}
