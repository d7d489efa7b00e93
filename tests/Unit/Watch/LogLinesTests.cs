using CsCheck;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Watch;

/// <summary>Lines of logs as people may see them, and whose they are.</summary>
public sealed class LogLinesTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("[Client-acme INFO] Got replaced stream error", "acme", true)]
    [InlineData("[Client-acme-2 INFO] Got replaced stream error", "acme", false)]
    [InlineData("[Client-old-acme INFO] Got replaced stream error", "acme", false)]
    [InlineData("""{"instance":"acme","msg":"x"}""", "acme", true)]
    [InlineData("""{"instance":"acme_2","msg":"acme is well"}""", "acme", true)]
    [InlineData("acmes", "acme", false)]
    [InlineData("of acme", "acme", true)]
    [InlineData("acme", "acme", true)]
    [InlineData("", "acme", false)]
    public void A_line_speaks_of_a_name_only_where_the_whole_name_stands(string line, string name, bool speaks) => Assert.Equal(speaks, LogLines.Speaks(line, name));

    [Fact]
    public void Colours_go_and_secrets_and_phone_numbers_are_hidden()
    {
        var line = LogLines.Shown(new(At, "\u001b[31mERROR\u001b[0m to 5511987654321 with password=hunter2222, order 123456789012"));
        Assert.Equal(("error", "ERROR to *** with ***, order ********9012"), (line.Level, line.Text));
    }

    [Fact]
    public void No_line_shows_eight_digits_in_a_row_or_a_control_character() => Gen.OneOf(Gen.String, Gen.String[Gen.Char["0123456789 +-()\u001b[m"], 0, 60]).Sample(text =>
    {
        var shown = LogLines.Shown(new(At, text)).Text;
        Assert.DoesNotMatch("[0-9]{8}", shown);
        Assert.DoesNotContain(shown, letter => char.IsControl(letter) && letter != '\t');
    });
}
