using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Health;

namespace WhatsOps.Tests.Unit.Health;

public sealed class OverallStatusTests
{
    [Theory]
    [InlineData(null, HealthStatus.Healthy)]
    [InlineData(Severity.Info, HealthStatus.Healthy)]
    [InlineData(Severity.Low, HealthStatus.Degraded)]
    [InlineData(Severity.High, HealthStatus.Degraded)]
    [InlineData(Severity.Critical, HealthStatus.Unhealthy)]
    [Capability("R-099")]
    [Capability("R-100")]
    public void Any_issue_degrades_and_a_critical_one_is_unhealthy(Severity? severity, HealthStatus status) =>
        Assert.Equal(status, OverallStatus.Of([Service(HealthStatus.Healthy)], severity is { } bad ? [Finding(bad)] : [], complete: true));

    [Theory]
    [InlineData(HealthStatus.Unknown, HealthStatus.Degraded)]
    [InlineData(HealthStatus.Degraded, HealthStatus.Degraded)]
    [InlineData(HealthStatus.Unhealthy, HealthStatus.Unhealthy)]
    [Capability("R-099")]
    public void An_unhealthy_service_is_an_unhealthy_system(HealthStatus service, HealthStatus status) =>
        Assert.Equal(status, OverallStatus.Of([Service(HealthStatus.Healthy), Service(service)], [], complete: true));

    [Fact]
    public void Not_having_seen_everything_is_not_healthy() => Assert.Equal(HealthStatus.Degraded, OverallStatus.Of([], [], complete: false));

    private static ServiceReport Service(HealthStatus status) => new("g1", "gateway", status, null, null, null, 2);

    private static ObservedFinding Finding(Severity severity) =>
        new("instance_missing", "instances", "revalya", "g1", "acme", "revalya-acme", severity, "gone", new Dictionary<string, string>(), null);
}
