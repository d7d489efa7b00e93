using WhatsOps.Backups;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Backups;

public sealed class BackupWatchTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [Capability("R-163"), Capability("R-357")]
    [InlineData(0.0, false)]
    [InlineData(26.0, false)]
    [InlineData(26.1, true)]
    [InlineData(null, true)]
    public void The_newest_set_may_be_a_day_and_two_hours_old_and_none_is_stale(double? hours, bool stale)
    {
        var newest = hours is { } age ? new BackupSet { System = "s", Id = Guid.Empty, State = BackupState.Complete, RequestedAt = Now.AddHours(-age) } : null;
        var finding = BackupWatch.Stale("s", newest, new BackupOptions(), Now);
        Assert.Equal(stale, finding is not null);
        if (stale) Assert.Equal(("backup_stale", "s"), (finding!.Kind, finding.System));
    }
}
