using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Fleet;

public sealed class FirstFleetTests
{
    [Fact]
    public async Task A_database_that_goes_away_at_the_wrong_moment_does_not_end_the_process()
    {
        var versions = new Mock<IFleetVersions>();
        versions.SetupSequence(v => v.TextAsync(It.IsAny<CancellationToken>())).ThrowsAsync(new NpgsqlException("gone")).ReturnsAsync("{}");
        var time = new FakeTimeProvider();
        var first = new FirstFleet(null!, versions.Object, new ConfigurationBuilder().Build(), null!, time, NullLogger<FirstFleet>.Instance);

        var deciding = first.DecideAsync(CancellationToken.None);
        Assert.False(deciding.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await deciding);
    }
}
