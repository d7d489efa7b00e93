using WhatsOps.Embedded.Durable;

namespace WhatsOps.Tests.Unit.Durable;

public sealed class StorableTextTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("plain", "plain")]
    [InlineData("emoji 😀", "emoji 😀")]
    [InlineData("a\0b", "a\uFFFDb")]
    public void What_the_database_cannot_hold_is_replaced(string? text, string? clean) => Assert.Equal(clean, StorableText.Clean(text));

    [Theory]
    [InlineData("a\0b")]
    [InlineData(" ")]
    [InlineData(null)]
    public void An_id_that_would_be_changed_is_refused(string? id) => Assert.ThrowsAny<ArgumentException>(() => StorableText.RequireId(id, "id"));

    [Fact]
    public void Half_a_surrogate_pair_is_replaced_and_refused()
    {
        // Not as InlineData: attributes are stored as UTF-8, which has no such text.
        Assert.Equal("half \uFFFD pair", StorableText.Clean("half \ud83d pair"));
        Assert.Equal("\uFFFD", StorableText.Clean("\ude00"));
        Assert.Throws<ArgumentException>(() => StorableText.RequireId("\ud83d", "id"));
    }

    [Fact]
    public void An_id_fits_an_index_entry()
    {
        Assert.Equal("😀", StorableText.RequireId("😀", "id"));
        Assert.Throws<ArgumentException>(() => StorableText.RequireId(new string('x', StorableText.MaxIdLength + 1), "id"));
    }
}
