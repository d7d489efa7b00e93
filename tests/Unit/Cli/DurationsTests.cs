using WhatsOps.Cli;
using WhatsOps.Cli.Output;

namespace WhatsOps.Tests.Unit.Cli;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("30m", 30)]
    [InlineData("2h", 120)]
    [InlineData("1.5h", 90)]
    [InlineData("1d", 1440)]
    public void A_number_and_a_unit(string text, double minutes) => Assert.Equal(TimeSpan.FromMinutes(minutes), Durations.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("2")]
    [InlineData("-2h")]
    [InlineData("0h")]
    [InlineData("2 weeks")]
    public void Anything_else_is_a_problem_with_a_fix(string text) => Assert.Equal("write it as 30m, 2h or 1d", Assert.Throws<CliProblem>(() => Durations.Parse(text)).Fix);
}
