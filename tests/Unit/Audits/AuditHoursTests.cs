using System.Runtime.CompilerServices;
using WhatsOps.Audits;
using WhatsOps.Routines;

namespace WhatsOps.Tests.Unit.Audits;

/// <summary>The hours that the manuals ask for.</summary>
public sealed class AuditHoursTests
{
    [Fact]
    [Capability("R-109")]
    public void Isolation_is_audited_every_morning_at_six() => Assert.Equal("0 6 * * *", Hours<IsolationAudit>());

    [Fact]
    public void Daily_audits_are_done_before_the_working_day()
    {
        Assert.Equal("30 6 * * *", Hours<WebhookDriftAudit>());
        Assert.Equal("0 8 * * *", Hours<TenantStatusAudit>());
        Assert.Equal("0 8 * * *", Hours<NamingAudit>());
    }

    private static string Hours<T>() where T : IRoutine => ((IRoutine)RuntimeHelpers.GetUninitializedObject(typeof(T))).DefaultSchedule;
}
