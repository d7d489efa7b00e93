using System.Security.Cryptography;
using WhatsOps.Events;

namespace WhatsOps.Tests.Unit.Events;

public sealed class MetaProofTests
{
    // Meta's own way, written out: HMAC-SHA256 of "{}" under "secret".
    private static readonly string Right = Convert.ToHexStringLower(HMACSHA256.HashData("secret"u8, "{}"u8));

    [Theory]
    [InlineData("sha256={0}", true)]
    [InlineData("SHA256={0}", true)]
    [InlineData("{0}", true)]
    [InlineData("sha1={0}", false)]
    [InlineData("sha256={0}00", false)]
    [InlineData("sha256= {0}", false)]
    [InlineData("sha256=", false)]
    [InlineData("", false)]
    [InlineData("sha256=zz", false)]
    public void The_prefix_may_be_missing_and_nothing_else(string header, bool fits)
    {
        foreach (var hex in new[] { Right, Right.ToUpperInvariant() })
            Assert.Equal(fits, Fits(header.Replace("{0}", hex, StringComparison.Ordinal), ["secret"]));
    }

    [Fact]
    public void The_current_and_the_previous_secret_count_and_no_other()
    {
        Assert.True(Fits(Right, ["new", "secret"]));
        Assert.True(Fits(Right, ["secret", "old"]));
        Assert.False(Fits(Right, ["new", "old"]));
        Assert.False(Fits(Right, []));
        Assert.False(Fits(new string('0', 64), ["secret"]));
    }

    private static bool Fits(string header, string[] secrets)
    {
        using var proof = MetaProof.Of(header, secrets);
        foreach (var mac in proof?.Macs ?? []) mac.AppendData("{}"u8);
        return proof?.Fits() == true;
    }
}
