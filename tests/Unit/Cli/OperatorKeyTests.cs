using WhatsOps.Cli.Up;

namespace WhatsOps.Tests.Unit.Cli;

public sealed class OperatorKeyTests
{
    [Fact]
    public void The_hash_is_of_the_whole_key_and_nothing_prints_the_key()
    {
        var key = OperatorKey.Create();

        Assert.Equal(OperatorKey.HashOf(key.Key), key.Hash);
        Assert.DoesNotContain(key.Key, $"{key}", StringComparison.Ordinal);
        Assert.NotEqual(key.Key, OperatorKey.Create().Key);
    }
}
