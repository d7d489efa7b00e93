using CsCheck;
using WhatsOps.Events;

namespace WhatsOps.Tests.Unit.Events;

public sealed class PhoneMaskTests
{
    [Theory]
    [InlineData("5511999990000", "*********0000")]
    [InlineData("revalya-5511999990000-x", "revalya-*********0000-x")]
    [InlineData("+5511999990000", "+*********0000")]
    [InlineData("call +55 (11) 99999-0000 now", "call +** (**) *****-0000 now")]
    [InlineData("(11) 9.9999-0000", "(**) *.****-0000")]
    [InlineData("(415) 555-0100", "(***) ***-0100")]
    [InlineData("11 99999-0000, 21 3333-0000", "** *****-0000, ** ****-0000")]
    [InlineData("+351 912 345 678", "+*** *** **5 678")]
    public void Of_a_number_as_machines_or_people_write_it_the_last_four_digits_stay(string text, string masked) => Assert.Equal(masked, PhoneMask.Mask(text));

    [Theory]
    [InlineData("2026-03-01T12:00:00.123+00:00")]
    [InlineData("2026-03-01 12:00 UTC")]
    [InlineData("01a217e9-7355-7d71-8b94-5623f2b2f094")]
    [InlineData("no answer from 192.168.100.200:8080")]
    [InlineData("v10.0.19045.3570 (12 of 40), R-076")]
    [InlineData("555-0100")]
    public void What_is_no_number_stays(string text) => Assert.Equal(text, PhoneMask.Mask(text));

    [Fact]
    public void However_a_whole_number_is_written_only_its_last_four_digits_can_be_read()
    {
        var separator = OneOf("", " ", "-", ".");
        var number = Gen.Select(OneOf("+55", "+1", "+351"), separator, OneOf("11", "(11)", "415"), separator, Gen.Int[2100, 99999], separator, Gen.Int[0, 9999],
            (country, a, area, b, left, c, right) => $"{country}{a}{area}{b}{left}{c}{right:0000}");
        Gen.Select(number, OneOf("", "call ", "reason: "), OneOf("", " now", ", please")).Sample((written, before, after) =>
        {
            var masked = PhoneMask.Mask(before + written + after);
            Assert.Equal(before.Length + written.Length + after.Length, masked.Length);
            Assert.Equal(written.Where(char.IsDigit).TakeLast(4), masked.Where(char.IsDigit));
            Assert.Equal(masked, PhoneMask.Mask(masked));
        });
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);
}
