using Microsoft.Azure.Functions.Worker;
using WhatsOps.Health;

namespace WhatsOps.Tests.Unit.Health;

public sealed class HealthFunctionsTests
{
    [Fact]
    [Capability("R-106")]
    public void The_sweep_is_due_every_five_minutes()
    {
        var trigger = typeof(HealthFunctions).GetMethod(nameof(HealthFunctions.Run))!.GetParameters()[0].GetCustomAttributes(false).OfType<TimerTriggerAttribute>().Single();
        Assert.Equal("0 */5 * * * *", trigger.Schedule);
    }
}
