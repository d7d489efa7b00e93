using WhatsOps.Audits;

namespace WhatsOps.Tests.Unit.Audits;

public sealed class KeyRulesTests
{
    [Theory]
    [InlineData("7f3a91c2d4e5b6a70811", null)]
    [InlineData("7f3a91c2d4e5b6a7081", "too_short")]
    [InlineData("abababababababababababababababab", "low_entropy")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "low_entropy")]
    [InlineData("3f9a1c7e5b2d8046a1f3c5e7092b4d6f", null)]
    [InlineData("", "too_short")]
    public void Keys_that_can_be_guessed_are_told_on_both_sides_of_the_number(string key, string? expected) => Assert.Equal(expected, KeyRules.Weakness(key));

    [Fact]
    public void The_key_of_the_example_file_is_known_by_its_hash_in_any_case_and_with_a_line_break()
    {
        // Put together here, so that it stands in no source as a whole.
        var published = string.Concat("429683C4", "C977415C", "AAFCCE10", "F7D57E11");
        Assert.Equal("published_default", KeyRules.Weakness(published));
        Assert.Equal("published_default", KeyRules.Weakness(published.ToLowerInvariant() + "\n"));
        Assert.Null(KeyRules.Weakness(published[..^1] + "2"));
    }
}
