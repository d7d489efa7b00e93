using WhatsOps.Fleet;
using WhatsOps.Runbooks;

namespace WhatsOps.Tests.Runbooks;

public sealed class RunParametersTests
{
    private static readonly RunTarget Place = new("revalya", "acme", "revalya-acme", "evo-1", null);

    [Theory]
    [InlineData("12345678", true)]
    [InlineData("5511987650001", true)]
    [InlineData("123456789012345", true)]
    [InlineData("1234567", false)]
    [InlineData("1234567890123456", false)]
    [InlineData("+5511987650001", false)]
    [InlineData("011987650001", false)]
    [InlineData("5511987650001\n", false)]
    [InlineData("55 11 98765-0001", false)]
    public void A_phone_s_number_is_8_to_15_digits_and_a_refusal_does_not_repeat_it(string number, bool good)
    {
        if (good)
        {
            Assert.Equal(number, Read(number).Secrets!["number"]);
            return;
        }

        var refused = Assert.Throws<ProblemException>(() => Read(number));
        Assert.Equal((400, "$.parameters.number"), (refused.Status, refused.Field));
        Assert.DoesNotContain(number.Trim(), $"{refused.Message} {refused.Fix}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_parameter_stands_masked_in_the_plan_and_nowhere_in_clear()
    {
        var target = Read("5511987650001");
        Assert.Equal("*********0001", target.Parameters!["number"]);
        var plan = Planner.Plan(new Reauthenticate(), target);
        Assert.DoesNotContain("5511987650001", System.Text.Json.JsonSerializer.Serialize(plan), StringComparison.Ordinal);
        Assert.DoesNotContain("5511987650001", target.ToString(), StringComparison.Ordinal);
    }

    [Theory, InlineData(null), InlineData(" ")]
    public void What_is_left_out_or_empty_is_not_there(string? number)
    {
        var target = RunParameters.Read(new Reauthenticate(), Place, number is null ? null : new Dictionary<string, string> { ["number"] = number });
        Assert.Empty(target.Parameters!);
        Assert.Null(target.Secrets);
    }

    private static RunTarget Read(string number) => RunParameters.Read(new Reauthenticate(), Place, new Dictionary<string, string> { ["number"] = number });
}
