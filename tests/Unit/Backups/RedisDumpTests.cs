using WhatsOps.Backups;

namespace WhatsOps.Tests.Unit.Backups;

public sealed class RedisDumpTests
{
    // The number 10, as servers with format 6 and format 10 dump it.
    private static readonly byte[][] Real = [Convert.FromHexString("00C00A0600F8723FC5FBFB5F28"), Convert.FromHexString("00C00A0A006E9F57450EAE63BB")];

    [Fact]
    public void Values_of_real_servers_are_whole() => Assert.All(Real, value => Assert.True(RedisDump.IsWhole(value)));

    [Fact]
    public void One_changed_or_missing_byte_is_seen() => Assert.All(Real, value =>
    {
        for (var at = 0; at < value.Length; at++)
        {
            byte[] changed = [.. value];
            changed[at] ^= 1;
            Assert.False(RedisDump.IsWhole(changed));
            Assert.False(RedisDump.IsWhole(value.AsSpan(0, at)));
        }
    });
}
