using WhatsOps.Fleet;
using WhatsOps.Privacy;

namespace WhatsOps.Tests.Unit.Privacy;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("5511999990000", "5511999990000 551199990000")]
    [InlineData("551199990000", "551199990000 5511999990000")]
    [InlineData("+55 (11) 99999-0000", "5511999990000 551199990000")]
    [InlineData("5511399990000", "5511399990000")]
    [InlineData("351912345678", "351912345678")]
    [InlineData("1234567890", "1234567890")]
    public void A_number_is_looked_for_in_every_form_it_has(string phone, string forms) => Assert.Equal(forms.Split(' '), PhoneNumber.FormsOf(phone));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("123456789")]
    [InlineData("1234567890123456")]
    [InlineData("551199999000x")]
    [InlineData("٥٥١١٩٩٩٩٩٠٠٠٠")]
    public void What_is_no_number_is_refused_without_repeating_it(string? phone)
    {
        var problem = Assert.Throws<ProblemException>(() => PhoneNumber.FormsOf(phone));
        Assert.Equal((400, "$.phone"), (problem.Status, problem.Field));
        Assert.DoesNotContain(phone is { Length: > 5 } ? phone : "\0", problem.Message, StringComparison.Ordinal);
    }
}
