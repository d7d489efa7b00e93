using WhatsOps.Runbooks;

namespace WhatsOps.Tests.Runbooks;

public sealed class PairingBudgetTests
{
    [Theory]
    [InlineData(0, 0, null, 0, 0)]
    [InlineData(0, 0, 0, 0, 0)]
    [InlineData(0, 0, 17, 1, 17)]
    [InlineData(1, 17, 17, 1, 17)]
    [InlineData(1, 17, 18, 2, 18)]
    [InlineData(2, 18, 21, 5, 21)]
    [InlineData(14, 30, 1, 15, 1)]
    [InlineData(14, 30, 2, 16, 2)]
    [InlineData(14, 30, null, 14, 30)]
    public void The_run_s_codes_are_counted_by_the_gateway_s_own_count(int shown, int before, int? now, int shownAfter, int count) =>
        Assert.Equal((shownAfter, count), PairingSteps.Counted(shown, before, now));
}
